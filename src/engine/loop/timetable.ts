import type { Clock } from '../../common/clock.ts';
import { sleepOrEnd } from './sleep-or-end.ts';

export interface TimetableOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Resolves when nothing runs: what runs says when the next turn may begin. */
  readonly idle: () => Promise<void>;
  readonly isPaused: () => boolean;
  readonly begin: () => Promise<void>;
  /** Takes care of what waits or runs. */
  readonly track: (work: Promise<void>) => void;
}

/** Begins the next turn when it is due; once, however often it is asked for. */
export interface Timetable {
  /** In so many milliseconds, or earlier if that is asked for too. */
  schedule(ms: number): void;
  /** Whatever was waited for, there is reason to begin now. */
  atOnce(): void;
  /** No turn begins within so many milliseconds. */
  holdOff(ms: number): void;
}

export function timetable({ clock, signal, idle, isPaused, begin, track }: TimetableOptions): Timetable {
  /** When the next turn is to begin, monotonic, and how to begin it earlier. */
  let scheduled: { readonly at: number; readonly waiting: AbortController } | null = null;
  /** No turn begins before: the server is not there, or the last look took long. Monotonic. */
  let notBefore = 0;

  const schedule = (ms: number): void => {
    if (signal.aborted) return;
    const at = Math.max(clock.monotonic() + ms, notBefore);
    if (scheduled !== null && scheduled.at <= at) return;
    scheduled?.waiting.abort();
    const mine = { at, waiting: new AbortController() };
    scheduled = mine;
    track(
      (async () => {
        await sleepOrEnd(clock, at - clock.monotonic(), mine.waiting, signal);
        if (scheduled !== mine) return;
        await idle();
        if (scheduled !== mine) return;
        scheduled = null;
        if (signal.aborted || isPaused()) return;
        if (clock.monotonic() < notBefore) return schedule(0);
        await begin();
      })(),
    );
  };

  return {
    schedule,
    atOnce() {
      notBefore = 0;
      schedule(0);
    },
    holdOff(ms) {
      notBefore = clock.monotonic() + ms;
    },
  };
}
