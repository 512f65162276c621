import type { Clock } from '../../src/common/clock.ts';

/** Time that passes only in `advance`, during which sleepers wake in order. */
export interface VirtualClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** All that is ready to run has run. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function virtualClock(start = 1_700_000_000_000): VirtualClock {
  let time = 0;
  const sleepers = new Set<{ readonly at: number; readonly wake: () => void }>();
  return {
    now: () => start + time,
    monotonic: () => time,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const wake = (): void => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { at: time + Math.max(0, ms), wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake, { once: true });
      }),
    async advance(ms) {
      const end = time + ms;
      for (;;) {
        for (let i = 0; i < 3; i++) await turn();
        const [next] = [...sleepers].sort((a, b) => a.at - b.at);
        if (next === undefined || next.at > end) break;
        time = Math.max(time, next.at);
        next.wake();
      }
      time = end;
    },
  };
}
