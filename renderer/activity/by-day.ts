import type { ActivityItem } from '../../src/model/status.ts';

export interface Day {
  /** Of the day's newest item. */
  readonly time: number;
  /** Days before today, by this computer's calendar. */
  readonly back: number;
  readonly items: readonly ActivityItem[];
}

/** Items, newest first, as days. A clock that was ahead counts as today. */
export function byDay(items: readonly ActivityItem[], now: number): readonly Day[] {
  const days = Map.groupBy(items, ({ time }) => Math.max(0, dayNumber(now) - dayNumber(time)));
  return [...days].sort(([a], [b]) => a - b).map(([back, of]) => ({ time: of[0]?.time ?? now, back, items: of }));
}

function dayNumber(time: number): number {
  const date = new Date(time);
  return Math.floor(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / 86_400_000);
}
