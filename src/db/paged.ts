import type { SqlRow } from './connection.ts';

export const pageSize = 500;

/**
 * Rows page by page: SQLite's own cursor would keep the connection from writing while it is open. `fetch` gives the
 * rows after that one, in order, at most `pageSize` of them; null: from the start.
 */
export function* paged<T>(fetch: (last: SqlRow | null) => readonly SqlRow[], decode: (row: SqlRow) => T): Iterable<T> {
  let last: SqlRow | null = null;
  for (;;) {
    const rows: readonly SqlRow[] = fetch(last);
    for (const row of rows) yield decode(row);
    last = rows.at(-1) ?? null;
    if (last === null || rows.length < pageSize) return;
  }
}

/** An iterable that starts anew each time it is asked. */
export const repeatable = <T>(start: () => Iterable<T>): Iterable<T> => ({
  [Symbol.iterator]: () => start()[Symbol.iterator](),
});
