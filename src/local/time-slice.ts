/** Lets long synchronous work give way to events, timers and I/O every few milliseconds. */
export interface TimeSlice {
  /** Long enough without a break. */
  isSpent(): boolean;
  /** Gives way, then begins a new slice. */
  rest(): Promise<void>;
}

/** 15 ms: no frame or request waits noticeably, and the breaks cost less than 1 %. */
export function makeTimeSlice(budgetMs = 15): TimeSlice {
  let end = performance.now() + budgetMs;
  return {
    isSpent: () => performance.now() > end,
    rest: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      end = performance.now() + budgetMs;
    },
  };
}
