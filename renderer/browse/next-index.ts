/** Where a key leads in a list; null for a key that does not move. */
export function nextIndex(key: string, at: number, total: number, rowsAPage: number): number | null {
  const to: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    PageDown: at + rowsAPage,
    PageUp: at - rowsAPage,
    Home: 0,
    End: total - 1,
  };
  const next = to[key];
  return next === undefined || total === 0 ? null : Math.max(0, Math.min(total - 1, next));
}
