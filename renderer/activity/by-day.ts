interface Day<T> {
  /** Of the day's newest item. */
  readonly time: number;
  /** Days before today, by this computer's calendar. */
  readonly back: number;
  readonly items: readonly T[];
}

/** Items, newest first, as days. A clock that was ahead counts as today. */
export function byDay<T extends { readonly time: number }>(items: readonly T[], now: number): readonly Day<T>[] {
  const days = Map.groupBy(items, ({ time }) => Math.max(0, dayNumber(now) - dayNumber(time)));
  return [...days].sort(([a], [b]) => a - b).map(([back, of]) => ({ time: of[0]?.time ?? now, back, items: of }));
}

function dayNumber(time: number): number {
  const date = new Date(time);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}
