import type { Clock } from '../common/clock.ts';

/** Whether a server can be reached, as all calls to it show together. */
export interface ServerReach {
  /** It answered a call. */
  answered(): void;
  /** A call did not get through. */
  failed(): void;
  /** This computer slept: what is waited for since may be over. */
  woke(): void;
  /** For so long, or until a server that was lost answers again. */
  wait(ms: number, signal: AbortSignal): Promise<void>;
}

/** After this many milliseconds without an answer it counts as lost: a server that answers now and then is only busy. */
const lostAfter = 2000;

export function serverReach(clock: Pick<Clock, 'monotonic' | 'sleep'>): ServerReach {
  const waiting = new Set<AbortController>();
  let failingSince: number | null = null;
  const woke = (): void => {
    for (const each of waiting) each.abort();
  };
  return {
    answered: () => {
      const since = failingSince;
      failingSince = null;
      if (since === null || clock.monotonic() - since < lostAfter) return;
      woke();
    },
    woke,
    failed: () => {
      failingSince ??= clock.monotonic();
    },
    wait: async (ms, signal) => {
      const mine = new AbortController();
      waiting.add(mine);
      await clock.sleep(ms, AbortSignal.any([signal, mine.signal]));
      waiting.delete(mine);
    },
  };
}
