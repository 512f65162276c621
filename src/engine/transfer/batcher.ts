import type { Clock } from '../../common/clock.ts';
import { isLight } from './file-weight.ts';
import { insertByWeight } from './insert-by-weight.ts';
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
  /** Told of what this line has just carried, all requests together, bytes a second; not by what is small. */
  readonly onRate?: (bytesPerSecond: number) => void;
}

/** Gathers what becomes ready together into requests, and keeps few of them under way. */
export interface Batcher<T> {
  /**
   * `weight`: the size of the file that it is a part of, or 0 of what is small: the lightest first, and what is light travels apart from
   * what is not.
   */
  add(item: T, weight?: number): void;
}

/**
 * A request is to be over in about so long, milliseconds. When a slow line is cut, what was under way is sent again, and what
 * takes longer than the line ever holds would never get there.
 */
const fairMs = 5000;

/** What is smaller has mostly waited for the way. */
const telling = 1024 * 1024;

/** `send` never rejects: it tells each item what became of it. */
export function batcher<T>(
  options: BatcherLimits & {
    readonly clock: Pick<Clock, 'sleep' | 'monotonic'>;
    readonly sizeOf: (item: T) => number;
    readonly send: (batch: readonly T[], isLight: boolean) => Promise<void>;
  },
): Batcher<T> {
  const waiting: { readonly item: T; readonly weight: number }[] = [];
  let requests = 0;
  let heavyRequests = 0;
  const slots = requestSlots(options.maxRequests, options.mostRequests, options.roundTrip);
  let isDue = false;
  /** What goes over this line in that time. */
  let fairBytes = options.maxBatchBytes;
  const answered = (bytes: number, ms: number): void => {
    slots.answered(ms);
    const fair = (bytes * fairMs) / ms;
    // What is small says little of the line, unless even that took long.
    if (ms > fairMs || fair > fairBytes) fairBytes = Math.min(options.maxBatchBytes, fair);
    if (bytes >= telling) options.onRate?.((requests * bytes * 1000) / ms);
  };

  const takeBatch = (isHeavy: boolean): { readonly batch: readonly T[]; readonly bytes: number } => {
    let bytes = 0;
    let count = 0;
    for (const { item, weight } of waiting) {
      const size = options.sizeOf(item);
      if (count >= options.maxBatchCount || (count > 0 && bytes + size > fairBytes)) break;
      if (isLight(weight) === isHeavy) break;
      bytes += size;
      count++;
    }
    return { batch: waiting.splice(0, count).map(({ item }) => item), bytes };
  };

  const pump = (): void => {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const isHeavy = !isLight(first.weight);
      // For what is light there is room for one more, when others have it.
      if (requests >= slots.count + (isHeavy ? 0 : Math.min(heavyRequests, 1))) return;
      request(isHeavy);
    }
  };
  const request = (isHeavy: boolean): void => {
    requests++;
    if (isHeavy) heavyRequests++;
    const since = options.clock.monotonic();
    const { batch, bytes } = takeBatch(isHeavy);
    void options.send(batch, !isHeavy).finally(() => {
      answered(bytes, options.clock.monotonic() - since);
      requests--;
      if (isHeavy) heavyRequests--;
      pump();
    });
  };

  return {
    add(item, weight = 0) {
      insertByWeight(waiting, { item, weight });
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
