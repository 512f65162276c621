import type { Clock } from '../common/clock.ts';

export type Direction = 'up' | 'down';

/** Shares the line among all who use it. */
export interface Bandwidth {
  /** Bytes a second; null: no limit. Applies at once. */
  setLimit(direction: Direction, bytesPerSecond: number | null): void;
  isLimited(direction: Direction): boolean;
  /** Waits until so many bytes may pass. Rejects with the signal's reason if it aborts before. */
  take(direction: Direction, bytes: number, signal?: AbortSignal): Promise<void>;
}

interface Bucket {
  limit: number | null;
  /** When the bytes let through so far are paid for, on the monotonic clock. */
  paidUntil: number;
  /** Aborts when this limit is over, for those who wait by it. */
  readonly over: AbortController;
}

/** A burst of this many milliseconds passes at once. */
const burst = 100;

export function createBandwidth(clock: Clock): Bandwidth {
  const bucketOf = (limit: number | null): Bucket => ({
    limit,
    paidUntil: clock.monotonic(),
    over: new AbortController(),
  });
  const buckets: Record<Direction, Bucket> = { up: bucketOf(null), down: bucketOf(null) };

  return {
    setLimit: (direction, limit) => {
      const former = buckets[direction];
      if (former.limit === limit) return;
      buckets[direction] = bucketOf(limit);
      former.over.abort();
    },
    isLimited: (direction) => buckets[direction].limit !== null,
    take: async (direction, amount, signal) => {
      const bucket = buckets[direction];
      if (bucket.limit === null) return;
      const now = clock.monotonic();
      // Each pays when it comes: whoever comes later waits behind it, in order.
      bucket.paidUntil = Math.max(bucket.paidUntil, now - burst) + (amount / bucket.limit) * 1000;
      const wait = bucket.paidUntil - now;
      const { signal: over } = bucket.over;
      if (wait > 0) await clock.sleep(wait, signal === undefined ? over : AbortSignal.any([signal, over]));
      signal?.throwIfAborted();
    },
  };
}
