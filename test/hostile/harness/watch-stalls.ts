export interface Stalls {
  /** Milliseconds: the longest that the event loop was busy, by the time of the processor, and by the clock. */
  readonly busy: number;
  readonly late: number;
}

/**
 * Looks for what holds up the event loop, until `end` is called. By the clock, a machine with other work to do is late by
 * itself; what this thread computes without a pause is its own.
 */
export function watchStalls(): { end(): Stalls } {
  let busy = 0;
  let late = 0;
  let usage = process.threadCpuUsage();
  let at = performance.now();
  const look = (): void => {
    const { user, system } = process.threadCpuUsage(usage);
    usage = process.threadCpuUsage();
    const now = performance.now();
    busy = Math.max(busy, (user + system) / 1000);
    late = Math.max(late, now - at);
    at = now;
  };
  const timer = setInterval(look, 5);
  return {
    end: () => {
      clearInterval(timer);
      look();
      return { busy, late };
    },
  };
}
