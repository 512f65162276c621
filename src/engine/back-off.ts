import type { Random } from '../common/ids.ts';

export interface BackOffLimits {
  /** Milliseconds after the first failure, and at most. */
  readonly first: number;
  readonly most: number;
}

const base = (attempts: number, { first, most }: BackOffLimits): number =>
  Math.min(first * 2 ** Math.min(attempts - 1, 30), most);

/** Milliseconds to wait before the next try after so many failures: doubles, capped, with up to a quarter of jitter. */
export const backOffMs = (attempts: number, random: Random, limits: BackOffLimits): number =>
  Math.round(base(attempts, limits) * (1 + (random.bytes(1)[0] ?? 0) / 1024));

/** The longest that `backOffMs` gives. */
export const longestBackOffMs = (attempts: number, limits: BackOffLimits): number =>
  Math.round(base(attempts, limits) * 1.25);
