import type { Clock } from '../../common/clock.ts';
import { tooSlow } from '../../remote/pace.ts';

/** What `ask` answers; once `ms` have passed its signal aborts, as `offline`. */
export async function askWithDeadline<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  clock: Clock,
  ms: number,
): Promise<T> {
  const late = new AbortController();
  const answered = new AbortController();
  void clock.sleep(ms, answered.signal).then(() => {
    if (!answered.signal.aborted) late.abort(tooSlow());
  });
  try {
    return await ask(late.signal);
  } finally {
    answered.abort();
  }
}
