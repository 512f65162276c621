import type { Clock } from '../common/clock.ts';

/** Lets long synchronous work give way to events, timers and I/O every few milliseconds. */
export interface TimeSlice {
  /** Long enough without a break. */
  isSpent(): boolean;
  /** Gives way, then begins a new slice. */
  rest(): Promise<void>;
}

const systemTurns: Pick<Clock, 'monotonic' | 'sleep'> = {
  monotonic: () => performance.now(),
  sleep: () => new Promise((resolve) => setImmediate(resolve)),
};

/** No frame or request waits noticeably, and the breaks cost less than 1 %. */
const budgetMs = 15;

export function makeTimeSlice(clock = systemTurns): TimeSlice {
  let end = clock.monotonic() + budgetMs;
  return {
    isSpent: () => clock.monotonic() > end,
    rest: async () => {
      await clock.sleep(0);
      end = clock.monotonic() + budgetMs;
    },
  };
}
