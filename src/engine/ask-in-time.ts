import type { Clock } from '../common/clock.ts';

/** How long who looks at something that is kept up to date by itself waits for news of it, in milliseconds. */
export const longestWait = 2000;

/**
 * A question that may take long, for many who would rather go on without its answer than wait: it is asked once at a time, and
 * nobody waits longer for it than until `ms` after it was asked. Rejects as `ask` does, if that is in time.
 */
export function askInTime(ask: () => Promise<void>, clock: Clock, ms: number): () => Promise<void> {
  let asked: { readonly answer: Promise<void>; readonly until: number } | null = null;
  return async () => {
    if (asked === null) {
      const answer = ask().finally(() => {
        asked = null;
      });
      asked = { answer, until: clock.monotonic() + ms };
    }
    const { answer, until } = asked;
    const left = until - clock.monotonic();
    const waiting = new AbortController();
    const patience = left > 0 ? clock.sleep(left, waiting.signal) : undefined;
    await Promise.race([answer, patience]).finally(() => waiting.abort());
  };
}
