import type { Clock } from '../common/clock.ts';
import { type HoldfastError, isKind } from '../common/errors.ts';
import type { Random } from '../common/ids.ts';

export interface RetryPolicy {
  /** Tries in all. */
  readonly tries: number;
  /** Milliseconds before the second try; doubled each time, up to `longest`, and shortened at random by up to a half. */
  readonly first: number;
  readonly longest: number;
  /** No try begins later than this many milliseconds after the first: one that gets no answer at all takes long by itself. */
  readonly within: number;
}

export const defaultRetry: RetryPolicy = { tries: 5, first: 200, longest: 10_000, within: 30_000 };

export interface RetryParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly policy: RetryPolicy;
}

/** Between 0 and 1. */
const fraction = (random: Random): number => {
  const [high = 0, low = 0] = random.bytes(2);
  return (high * 256 + low) / 65_536;
};

/** Milliseconds to wait before try number `failures` + 1. */
export function backOff(policy: Pick<RetryPolicy, 'first' | 'longest'>, random: Random, failures: number): number {
  const full = Math.min(policy.longest, policy.first * 2 ** (failures - 1));
  return full * (1 - fraction(random) / 2);
}

/**
 * Repeats `attempt` while it fails as `offline`. A server that names a time is not asked sooner; if that is longer than
 * `longest`, it gives up at once. For idempotent calls only.
 */
export async function retry<T>(
  { clock, random, policy }: RetryParts,
  signal: AbortSignal,
  attempt: () => Promise<T>,
): Promise<T> {
  const begun = clock.monotonic();
  for (let failures = 1; ; failures++) {
    try {
      signal.throwIfAborted();
      return await attempt();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isKind(error, 'offline') || failures >= policy.tries) throw error;
      const asked = (error as HoldfastError).retryAfter ?? 0;
      if (asked > policy.longest) throw error;
      const wait = Math.max(asked, backOff(policy, random, failures));
      if (clock.monotonic() + wait - begun > policy.within) throw error;
      await clock.sleep(wait, signal);
      if (signal.aborted) throw signal.reason;
    }
  }
}
