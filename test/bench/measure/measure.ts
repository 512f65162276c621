import { syncVolume } from '../volume.ts';
import { endedChildrenSeconds, forgetPeak, peakBytes, processSeconds } from './process-counters.ts';
import type { Tools } from './tools.ts';
import { wireBytes } from './wire-bytes.ts';

/** What one step cost. Names end in their unit. */
export interface Cost {
  /** From start to end, as the person waits. */
  readonly wallSeconds: number;
  /** The same until everything is on the disk: plus a `syncfs` for those that do not sync by themselves. */
  readonly durableSeconds: number;
  readonly deviceCpuSeconds: number;
  readonly serverCpuSeconds: number;
  readonly devicePeakMb: number;
  readonly serverPeakMb: number;
  readonly wireMb: number;
}

/** How often memory is looked at, in milliseconds. The kernel keeps the peak of each process, so little is missed. */
const interval = 10;

/** Runs `step` of the contestant whose processes are `tools`, in folders below `folder`, and says what it cost. */
export async function measure(tools: Tools, folder: string, step: () => Promise<void>): Promise<Cost> {
  for (const pid of [...tools.servers, ...tools.daemons]) forgetPeak(pid);
  const peaks = { devices: 0, servers: 0 };
  const look = (): void => {
    peaks.devices = Math.max(peaks.devices, sum(tools.devices, peakBytes));
    peaks.servers = Math.max(peaks.servers, sum(tools.servers, peakBytes));
  };
  const cpu = () => ({
    devices: endedChildrenSeconds() + sum(tools.daemons, processSeconds),
    servers: sum(tools.servers, processSeconds),
  });
  const watch = setInterval(look, interval);
  const wire = wireBytes();
  const before = cpu();
  const start = performance.now();
  try {
    await step();
    const wallSeconds = seconds(start);
    look();
    const after = cpu();
    const wireMb = (wireBytes() - wire) / 1e6;
    await syncVolume(folder);
    return {
      wallSeconds,
      durableSeconds: seconds(start),
      deviceCpuSeconds: after.devices - before.devices,
      serverCpuSeconds: after.servers - before.servers,
      devicePeakMb: peaks.devices / 1e6,
      serverPeakMb: peaks.servers / 1e6,
      wireMb,
    };
  } finally {
    clearInterval(watch);
  }
}

const seconds = (start: number): number => (performance.now() - start) / 1000;
const sum = (pids: ReadonlySet<number>, of: (pid: number) => number): number =>
  [...pids].reduce((total, pid) => total + of(pid), 0);

/** Of two steps one after the other. */
export const addCosts = (one: Cost, two: Cost): Cost => ({
  wallSeconds: one.wallSeconds + two.wallSeconds,
  durableSeconds: one.durableSeconds + two.durableSeconds,
  deviceCpuSeconds: one.deviceCpuSeconds + two.deviceCpuSeconds,
  serverCpuSeconds: one.serverCpuSeconds + two.serverCpuSeconds,
  devicePeakMb: Math.max(one.devicePeakMb, two.devicePeakMb),
  serverPeakMb: Math.max(one.serverPeakMb, two.serverPeakMb),
  wireMb: one.wireMb + two.wireMb,
});
