import { isIPv6 } from 'node:net';
import type { Clock } from '../common/clock.ts';
import type { Counters } from './counters.ts';
import { failure } from './failure.ts';

/** So many at once, then so many a second. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * By address: `prelogin`, `login`, `signup`, `anonymous` (all else without a session). By account: `account-login`
 * (tries with its password or recovery key, from where it was not signed in to), `request`, `append`, `record`.
 */
export type RateName =
  | 'anonymous'
  | 'prelogin'
  | 'login'
  | 'signup'
  | 'account-login'
  | 'request'
  | 'append'
  | 'record';

const minute = 60;
const hour = 3600;

export const defaultRates: Record<RateName, Rate> = {
  anonymous: { burst: 120, perSecond: 5 },
  prelogin: { burst: 30, perSecond: 30 / hour },
  login: { burst: 20, perSecond: 10 / minute },
  signup: { burst: 5, perSecond: 5 / (24 * hour) },
  // Three times what one address has: no stranger alone holds up an account.
  'account-login': { burst: 60, perSecond: 30 / minute },
  request: { burst: 2000, perSecond: 400 },
  append: { burst: 200, perSecond: 20 },
  record: { burst: 20, perSecond: 20 / hour },
};

/** Whoever shares this machine can do worse than ask often. */
const loopbackFactor = 1000;

interface RateLimits {
  /** Takes one; 0, or the milliseconds after which there is one again. */
  take(name: RateName, key: string, isLocal: boolean): number;
}

interface Bucket {
  level: number;
  at: number;
}

// Beyond this many the oldest are forgotten: full buckets for the most part.
const maxBuckets = 50_000;

export function createRateLimits(clock: Clock, rates: Record<RateName, Rate> = defaultRates): RateLimits {
  const buckets = new Map<string, Bucket>();

  return {
    take: (name, key, isLocal) => {
      const factor = isLocal ? loopbackFactor : 1;
      const burst = rates[name].burst * factor;
      const perSecond = rates[name].perSecond * factor;
      const now = clock.monotonic();
      const id = `${name} ${key}`;
      const bucket = buckets.get(id) ?? { level: burst, at: now };
      bucket.level = Math.min(burst, bucket.level + ((now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      buckets.delete(id);
      buckets.set(id, bucket);
      if (buckets.size > maxBuckets) buckets.delete(buckets.keys().next().value as string);
      if (bucket.level < 1) return Math.ceil(((1 - bucket.level) / perSecond) * 1000);
      bucket.level--;
      return 0;
    },
  };
}

/** Takes one, or throws `offline` with the time to wait. */
export type Limit = (name: RateName, key: string, isLocal: boolean) => void;

/** Counts what it refuses. */
export const createLimit =
  (rates: RateLimits, counters: Pick<Counters, 'add'>): Limit =>
  (name, key, isLocal) => {
    const wait = rates.take(name, key, isLocal);
    if (wait === 0) return;
    counters.add('limited');
    throw failure('offline', 'rate', 'Too many requests; wait a while.', wait);
  };

/** What counts as one address: an IPv4 address, or the /64 that a line usually has in IPv6. */
export function addressKey(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [left = '', right] = address.split('::');
  const head = left === '' ? [] : left.split(':');
  const tail = right === undefined || right === '' ? [] : right.split(':');
  const fill = right === undefined ? [] : new Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0');
  return [...head, ...fill, ...tail]
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

export const isLoopback = (address: string): boolean =>
  address === '::1' || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address);
