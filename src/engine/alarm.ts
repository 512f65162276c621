import type { Clock } from '../common/clock.ts';

/** One timer that rings once, however often it is asked to. */
export interface Alarm {
  /** Nothing, while it is set already. */
  set(ms: number): void;
  /** It may still ring once, at once. */
  clear(): void;
}

export function alarm(clock: Pick<Clock, 'sleep'>, ring: () => void): Alarm {
  let pending: AbortController | null = null;
  return {
    set(ms) {
      if (pending !== null) return;
      const mine = new AbortController();
      pending = mine;
      void clock.sleep(Math.max(ms, 0), mine.signal).then(() => {
        if (pending === mine) pending = null;
        ring();
      });
    },
    clear() {
      pending?.abort();
      pending = null;
    },
  };
}
