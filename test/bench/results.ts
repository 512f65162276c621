import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Machine } from './machine.ts';
import type { Limit } from './roofline/limits.ts';

/** One contestant's go at one measure. */
export interface Sample {
  /** `W1 up`, say. */
  readonly measure: string;
  readonly peer: string;
  /** When the run began that it is of: only what is of one run may be compared. */
  readonly run: string;
  readonly commit: string;
  /** What it ran on: the disk, a fresh file system, … */
  readonly volume: string;
  /** By name; names end in their unit. */
  readonly numbers: Readonly<Record<string, number>>;
}

/** All that was measured on one machine with one size. */
export interface Results {
  readonly size: string;
  machine: Machine;
  /** Contestants' titles and versions. */
  peers: Record<
    string,
    { readonly title: string; readonly version: string; readonly isEncrypted: boolean; readonly isRemote: boolean }
  >;
  /** What the machine could do at best, measured between the contestants. */
  limits: readonly Limit[] | null;
  samples: Sample[];
}

export function loadResults(path: string, size: string, machine: Machine): Results {
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Results) : null;
  if (found !== null && found.size !== size) throw new Error(`${path} holds results of size ${found.size}`);
  return found === null ? { size, machine, peers: {}, limits: null, samples: [] } : { ...found, machine };
}

/** Whole or not at all, so that a run that is cut keeps what it had. */
export function saveResults(path: string, results: Results): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(results, rounded, 1)}\n`);
  renameSync(`${path}.new`, path);
}

const rounded = (_name: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;
