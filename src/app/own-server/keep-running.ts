import type { AbortSignalLike, Clock } from '../../common/clock.ts';
import type { Logger } from '../../common/logger.ts';

/** A process that was started. */
export interface Running<T> {
  /** Once it can be used. Rejects if it ends before. */
  readonly ready: Promise<T>;
  /** When it is gone, for whatever reason. Never rejects. */
  readonly gone: Promise<void>;
  /** Asks it to end; kills it when it takes too long. */
  stop(): Promise<void>;
}

export interface KeptRunning<T> {
  /** What runs now, or will once it is up again. Rejects after `stop`. */
  current(): Promise<T>;
  stop(): Promise<void>;
}

/** Milliseconds before a process that died is started again: the next one for each death, the first after a calm while. */
export const restartPauses = [0, 1000, 2000, 5000, 15_000, 60_000];
const calm = 60_000;

/** Starts a process and starts it again, with back-off, whenever it dies, until `stop`. */
export function keepRunning<T>(
  name: string,
  start: () => Running<T>,
  { clock, logger, onUp, onFailed, onDown }: KeepOptions<T>,
): KeptRunning<T> {
  const stopping = new AbortController();
  const signal: AbortSignalLike = stopping.signal;
  let running: Running<T> | null = null;
  let next = Promise.withResolvers<T>();
  // Whoever waits hears of a failure; when nobody does, it is no unhandled rejection.
  next.promise.catch(() => undefined);

  const keep = async (): Promise<void> => {
    for (let deaths = 0; !signal.aborted; deaths++) {
      if (deaths > 0) await clock.sleep(restartPauses[Math.min(deaths - 1, restartPauses.length - 1)] ?? calm, signal);
      if (signal.aborted) break;
      const startedAt = clock.monotonic();
      try {
        running = start();
        const up = await running.ready;
        next.resolve(up);
        onUp?.(up);
      } catch (error) {
        logger.log('warn', `${name} did not start`, { error });
        if (!signal.aborted) {
          next.reject(error);
          onFailed?.(error);
        }
      }
      await running?.gone;
      next.promise.catch(() => undefined);
      next = Promise.withResolvers<T>();
      next.promise.catch(() => undefined);
      running = null;
      if (clock.monotonic() - startedAt > calm) deaths = 0;
      if (signal.aborted) break;
      logger.log('warn', `${name} ended and is started again`, { deaths: deaths + 1 });
      onDown?.();
    }
    next.reject(new Error(`${name} was stopped`));
  };
  const keeping = keep();
  return {
    current: () => next.promise,
    stop: async () => {
      stopping.abort();
      await running?.stop();
      await keeping;
    },
  };
}

export interface KeepOptions<T> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onUp?: (up: T) => void;
  /** It ended before it could be used. */
  readonly onFailed?: (error: unknown) => void;
  /** It died and will be started again. */
  readonly onDown?: () => void;
}
