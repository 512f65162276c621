import type { Clock } from '../common/clock.ts';

/** Between two looks. */
const step = 10_000;
/** Whoever was away for longer has connections that the other end, or what lies between, has given up without a word. */
const longestAway = 60_000;

/**
 * Tells when this computer, or this process, has slept, until `signal` aborts. Timers and the clock that only grows may not have
 * counted that, so each connection would be waited for as if nothing had happened. A wall clock that is set forward looks the same.
 */
export async function watchSleep(
  { now, sleep }: Pick<Clock, 'now' | 'sleep'>,
  signal: AbortSignal,
  onWoken: () => void,
): Promise<void> {
  for (let last = now(); ; last = now()) {
    await sleep(step, signal);
    if (signal.aborted) return;
    if (now() - last > step + longestAway) onWoken();
  }
}
