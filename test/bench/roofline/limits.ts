import type { Rates } from './rates.ts';

/** The least time in which this machine can do a workload, and what it is made of. */
export interface Limit {
  readonly measure: string;
  /** Processor seconds by part; device and server share the cores. */
  readonly cpu: Readonly<Record<string, number>>;
  /** Waiting for the disk, which goes on beside the processor. */
  readonly diskSeconds: number;
  /** All cores busy with these parts alone, or the disk, whichever takes longer. */
  readonly seconds: number;
}

/** For the large file (W1) and for the many small files (W2), up and down. */
export function limits(
  rates: Rates,
  cores: number,
  largeMib: number,
  files: number,
  smallMib: number,
): readonly Limit[] {
  const { perMib, perFile } = rates;
  const limit = (measure: string, mebibytes: number, cpu: Record<string, number>): Limit => {
    const total = Object.values(cpu).reduce((sum, seconds) => sum + seconds, 0);
    const diskSeconds = mebibytes * perMib.diskWait;
    return { measure, cpu, diskSeconds, seconds: Math.max(total / cores, diskSeconds) };
  };
  const sent = (mebibytes: number) => ({ 'send, receive': mebibytes * perMib.sendAndReceive });
  return [
    limit('W1 up', largeMib, {
      read: largeMib * perMib.read,
      hash: largeMib * perMib.hash,
      seal: largeMib * perMib.seal,
      ...sent(largeMib),
      write: largeMib * perMib.write,
    }),
    limit('W1 down', largeMib, {
      read: largeMib * perMib.read,
      ...sent(largeMib),
      open: largeMib * perMib.open,
      write: largeMib * perMib.write,
    }),
    // The server keeps small objects together in large files.
    limit('W2 up', smallMib, {
      read: files * perFile.read,
      hash: smallMib * perMib.hash,
      seal: files * perFile.seal,
      ...sent(smallMib),
      write: smallMib * perMib.write,
    }),
    limit('W2 down', smallMib, {
      read: smallMib * perMib.read,
      ...sent(smallMib),
      open: files * perFile.open,
      write: files * perFile.write,
    }),
  ];
}
