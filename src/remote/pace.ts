import { HoldfastError } from '../common/errors.ts';
import { failureOfTry } from './reply-failure.ts';

/** How slow an exchange may be: it has `milliseconds` in any case, and more time for each byte that moves. */
export interface Patience {
  readonly milliseconds: number;
  readonly bytesPerSecond: number;
}

/** Slower than any line that is of use. Without it, a server that sends a byte now and then could hold up a sync for days (P7). */
export const defaultPatience: Patience = { milliseconds: 60_000, bytesPerSecond: 1024 };

export interface Pace {
  /** Aborts when the exchange is too slow, or the caller's signal does. */
  readonly signal: AbortSignal;
  moved(bytes: number): void;
  /** Does not count time spent waiting on this side, which is not the server's doing. */
  waiting<T>(own: Promise<T>): Promise<T>;
}

/**
 * Runs one exchange with `server`, an address, and watches over it. Rejects with the signal's reason, with `offline` when it
 * is too slow, and else with what its failure means to the caller.
 */
export async function paced<T>(
  server: string,
  signal: AbortSignal,
  patience: Patience,
  exchange: (pace: Pace) => Promise<T>,
): Promise<T> {
  const watch = begin(signal, patience);
  try {
    return await exchange(watch);
  } catch (error) {
    throw watch.signal.aborted ? watch.signal.reason : failureOfTry(server, error);
  } finally {
    watch.end();
  }
}

function begin(outer: AbortSignal, { milliseconds, bytesPerSecond }: Patience): Pace & { end(): void } {
  const slow = new AbortController();
  let deadline = performance.now() + milliseconds;
  let timer: NodeJS.Timeout;
  const watch = (): void => {
    const left = deadline - performance.now();
    if (left <= 0) slow.abort(tooSlow());
    else timer = setTimeout(watch, left).unref();
  };
  watch();
  return {
    signal: AbortSignal.any([outer, slow.signal]),
    moved: (bytes) => {
      deadline += (bytes / bytesPerSecond) * 1000;
    },
    waiting: async (own) => {
      clearTimeout(timer);
      const since = performance.now();
      try {
        return await own;
      } finally {
        deadline += performance.now() - since;
        if (!slow.signal.aborted) watch();
      }
    },
    end: () => clearTimeout(timer),
  };
}

export const tooSlow = (): HoldfastError =>
  new HoldfastError('offline', 'The server answers too slowly to be of use.', { reason: 'too-slow' });
