import type { Clock } from '../../common/clock.ts';

/** Sleeps until `waiting` is aborted, which `signal` does as well. Leaves nothing behind at a signal that lives for long. */
export async function sleepOrEnd(
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  waiting: AbortController,
  signal: AbortSignal,
): Promise<void> {
  const end = (): void => waiting.abort();
  signal.addEventListener('abort', end, { once: true });
  await clock.sleep(ms, waiting.signal);
  signal.removeEventListener('abort', end);
}
