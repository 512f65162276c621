import type { Clock } from '../../common/clock.ts';
import { requestSlots } from './request-slots.ts';

export interface BatcherLimits {
  /** Requests under way at once; up to `mostRequests` where answers wait for the way more than for the line. */
  readonly maxRequests: number;
  readonly mostRequests: number;
  /** The way to the server and back, milliseconds; 0 while nobody knows. */
  readonly roundTrip: () => number;
  /** Bytes and items in one request, about. */
  readonly maxBatchBytes: number;
  readonly maxBatchCount: number;
}

/** Gathers what becomes ready together into requests, and keeps few of them under way. */
export interface Batcher<T> {
  add(item: T): void;
}

/** `send` never rejects: it tells each item what became of it. */
export function batcher<T>(
  options: BatcherLimits & {
    readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
    readonly sizeOf: (item: T) => number;
    readonly send: (batch: readonly T[]) => Promise<void>;
  },
): Batcher<T> {
  let waiting: T[] = [];
  let requests = 0;
  const slots = requestSlots(options.maxRequests, options.mostRequests, options.roundTrip);
  let isDue = false;

  const takeBatch = (): T[] => {
    let bytes = 0;
    let count = 0;
    for (const item of waiting) {
      const size = options.sizeOf(item);
      if (count >= options.maxBatchCount || (count > 0 && bytes + size > options.maxBatchBytes)) break;
      bytes += size;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return batch;
  };

  const pump = (): void => {
    while (requests < slots.count && waiting.length > 0) {
      requests++;
      const since = options.clock.monotonic();
      void options.send(takeBatch()).finally(() => {
        requests--;
        slots.answered(options.clock.monotonic() - since);
        pump();
      });
    }
  };

  return {
    add(item) {
      waiting.push(item);
      if (isDue) return;
      isDue = true;
      // One turn later, so that what becomes ready in this one travels together.
      void options.clock.sleep(0).then(() => {
        isDue = false;
        pump();
      });
    },
  };
}
