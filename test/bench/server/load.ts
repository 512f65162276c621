import { forgetPeak, peakBytes, processSeconds } from '../measure/process-counters.ts';

/** What the server did under one kind of load. */
export interface LoadCost {
  readonly what: string;
  readonly seconds: number;
  readonly done: number;
  readonly perSecond: number;
  readonly mbPerSecond: number;
  readonly serverCpuSeconds: number;
  readonly serverPeakMb: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOptions {
  readonly what: string;
  readonly serverPid: number;
  /** So many one after the other, at the same time. */
  readonly parallel: number;
  readonly seconds: number;
  /** Does one thing; the bytes that it moved. */
  readonly once: (lane: number) => Promise<number>;
}

/** Repeats `once` on all lanes until the time is over; bounded by `parallel`, since each lane waits for its answer. */
export async function underLoad({ what, serverPid, parallel, seconds, once }: LoadOptions): Promise<LoadCost> {
  forgetPeak(serverPid);
  const cpu = processSeconds(serverPid);
  const times: number[] = [];
  let bytes = 0;
  const start = performance.now();
  const lane = async (number: number): Promise<void> => {
    while (performance.now() - start < seconds * 1000) {
      const begin = performance.now();
      const moved = await once(number);
      bytes += moved;
      times.push(performance.now() - begin);
    }
  };
  await Promise.all(Array.from({ length: parallel }, (_, number) => lane(number)));
  const took = (performance.now() - start) / 1000;
  times.sort((one, two) => one - two);
  const at = (share: number): number => times[Math.max(0, Math.ceil(share * times.length) - 1)] ?? Number.NaN;
  return {
    what,
    seconds: took,
    done: times.length,
    perSecond: times.length / took,
    mbPerSecond: bytes / 1e6 / took,
    serverCpuSeconds: processSeconds(serverPid) - cpu,
    serverPeakMb: peakBytes(serverPid) / 1e6,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
  };
}
