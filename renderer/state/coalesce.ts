interface CoalesceClock {
  now(): number;
  /** Calls back in so many milliseconds. */
  later(milliseconds: number, act: () => void): void;
}

/**
 * Gathers what is added and hands it on together: the first at once, then at most every `every` milliseconds, so that a
 * sync of ten thousand files does not ask for the same lists a thousand times. The last is never left out.
 */
export function coalesce<T>(
  every: number,
  handOn: (items: ReadonlySet<T>) => void,
  { now, later }: CoalesceClock,
): (items: Iterable<T>) => void {
  let waiting = new Set<T>();
  let last = Number.NEGATIVE_INFINITY;
  let isAwaited = false;
  const flush = (): void => {
    isAwaited = false;
    last = now();
    const items = waiting;
    waiting = new Set();
    handOn(items);
  };
  return (items) => {
    for (const item of items) waiting.add(item);
    if (isAwaited || waiting.size === 0) return;
    const rest = last + every - now();
    if (rest <= 0) return flush();
    isAwaited = true;
    later(rest, flush);
  };
}
