import { HoldfastError } from '../common/errors.ts';

/** How slow an exchange may be: so long in any case, and so long again for what moves at this rate. */
export interface Patience {
  readonly milliseconds: number;
  readonly bytesPerSecond: number;
}

/** Slower than any line that is of use; a server that sends a byte now and then would hold a sync for days (P7). */
export const defaultPatience: Patience = { milliseconds: 60_000, bytesPerSecond: 1024 };

export interface Pace {
  /** Aborts when the exchange is too slow, or the caller's signal does. */
  readonly signal: AbortSignal;
  moved(bytes: number): void;
  /** What is waited for on this side is not the server's doing. */
  waiting<T>(own: Promise<T>): Promise<T>;
  end(): void;
}

/** Watches over one exchange; `end` has to be called. */
export function pace(outer: AbortSignal, { milliseconds, bytesPerSecond }: Patience): Pace {
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

const tooSlow = (): HoldfastError =>
  new HoldfastError('offline', 'The server answers too slowly to be of use.', { reason: 'too-slow' });
