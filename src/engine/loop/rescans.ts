import type { Clock } from '../../common/clock.ts';
import { HoldfastError } from '../../common/errors.ts';
import { type LoopTimes, timeToRescan } from './loop-times.ts';
import { sleepOrEnd } from './sleep-or-end.ts';

export interface RescanOptions {
  readonly clock: Clock;
  readonly times: LoopTimes;
  readonly signal: AbortSignal;
  /** Changes may happen that no hint tells of. */
  readonly isBlind: () => boolean;
  /** Throws if the index does not answer. */
  readonly issues: () => number;
  /** Everything is to be listed again. */
  readonly onDue: () => void;
}

/** Knows when everything is to be listed again, whatever was hinted at. */
export interface Rescans {
  /** Until the signal. */
  run(): Promise<void>;
  /** A listing of everything that began at `begun`, monotonic, is done. `isAll`: nothing else was done meanwhile. */
  listed(begun: number, isAll: boolean): void;
  /** What it is decided by has changed. */
  rethink(): void;
}

export function rescans({ clock, times, signal, isBlind, issues, onDue }: RescanOptions): Rescans {
  /** When everything was listed last, monotonic, what that took, and how to end the wait for the next time. */
  let listedAt = 0;
  let listingTook = 0;
  let waiting = new AbortController();

  /** Of an index that does not answer at the moment nobody knows: it goes on as if there were some. */
  const hasIssues = (): boolean => {
    try {
      return issues() > 0;
    } catch (error) {
      if (error instanceof HoldfastError) return true;
      throw error;
    }
  };

  return {
    async run() {
      listedAt = clock.monotonic();
      for (;;) {
        const facts = { isBlind: isBlind(), hasIssues: hasIssues(), listingTook };
        const left = listedAt + timeToRescan(times, facts) - clock.monotonic();
        if (left > 0) {
          waiting = new AbortController();
          await sleepOrEnd(clock, Math.min(left, times.rescanMs), waiting, signal);
          if (signal.aborted) return;
          continue;
        }
        listedAt = clock.monotonic();
        onDue();
      }
    },
    listed(begun, isAll) {
      listedAt = clock.monotonic();
      if (isAll) listingTook = listedAt - begun;
    },
    rethink: () => waiting.abort(),
  };
}
