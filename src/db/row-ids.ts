import { type AnyId, rootNode } from '../common/ids.ts';
import type { Connection, SqlRow, SqlValue, Statement } from './connection.ts';
import { createIdTable, type IdTable } from './id-table.ts';
import { idBlob, idPrefix, idText, idValue, numberValue } from './values.ts';

/** How a query names the row of an id; either takes the place of the first values. */
export interface RowOfId {
  /** Its ref; null if there is none. */
  readonly ref: string;
  /** That a row, under the table's usual alias, is the one. */
  readonly isThis: string;
}

/** A query about the row of one id, and further values after it. */
export interface IdQuery {
  get(id: AnyId, ...values: SqlValue[]): SqlRow | undefined;
  all(id: AnyId, ...values: SqlValue[]): SqlRow[];
}

/** A query about the rows of many ids at once, for less than one by one; in no order, and none of an id that has no row. */
type IdsQuery = (ids: readonly AnyId[]) => SqlRow[];

/**
 * Finds the rows of `node` (`n` in queries) or `revision` (`r`) by id: by the table's index on them or, while that is
 * missing, by what is kept in memory.
 */
export interface RowIds {
  query(source: (row: RowOfId) => string): IdQuery;
  /** `select`: columns of the table, the id as text first; `where`: what else a row has to be. */
  queryMany(select: string, where?: string): IdsQuery;
  /** Of a row that was just made. */
  made(id: AnyId, ref: number): void;
  /** From now on, ids are kept in memory. */
  gather(): void;
  /** The index is there again. */
  release(): void;
}

const pageSize = 10_000;

export function createRowIds({ prepare }: Connection, table: 'node' | 'revision'): RowIds {
  const alias = table === 'node' ? 'n' : 'r';
  const indexed: RowOfId = {
    ref: `(SELECT ref FROM ${table} WHERE id48 = ? AND id = ?)`,
    isThis: `${alias}.id48 = ? AND ${alias}.id = ?`,
  };
  const known: RowOfId = { ref: '?', isThis: `${alias}.ref = ?` };
  let inMemory: IdTable | null = null;
  let isThere: Statement | null = null;
  /** Siblings come one after the other, each in the same folder. That its row may be gone does not matter: queries find it gone. */
  let last: { readonly id: AnyId; readonly ref: number } | null = null;

  /** -1 without one. */
  const refIn = (ids: IdTable, id: AnyId): number => {
    if (id === rootNode && table === 'node') return 0;
    if (id === last?.id) return last.ref;
    for (const ref of ids.candidates(id)) {
      isThere ??= prepare(`SELECT 1 FROM ${table} WHERE ref = ? AND id = ?`);
      if (isThere.get(ref, idBlob(id)) === undefined) continue;
      last = { id, ref };
      return ref;
    }
    return -1;
  };

  return {
    query: (source) => {
      const byIndex = prepare(source(indexed));
      let byRef: Statement | null = null;
      return {
        get: (id, ...values) => {
          if (inMemory === null) return byIndex.get(idPrefix(id), idBlob(id), ...values);
          const ref = refIn(inMemory, id);
          if (ref === -1) return undefined;
          byRef ??= prepare(source(known));
          return byRef.get(ref, ...values);
        },
        all: (id, ...values) => {
          if (inMemory === null) return byIndex.all(idPrefix(id), idBlob(id), ...values);
          const ref = refIn(inMemory, id);
          if (ref === -1) return [];
          byRef ??= prepare(source(known));
          return byRef.all(ref, ...values);
        },
      };
    },
    queryMany: (select, where = 'TRUE') => {
      // SQLite may not turn the two around: it cannot know that the list is the short one.
      const byIndex = prepare(
        `${select} FROM json_each(?) CROSS JOIN ${table} ${alias} ON ${alias}.id48 = value WHERE ${where}`,
      );
      let byRef: Statement | null = null;
      return (ids) => {
        if (inMemory === null) {
          const wanted = new Set<unknown>(ids);
          return byIndex.all(`[${ids.map(idPrefix).join()}]`).filter((row) => wanted.has(row[0]));
        }
        const gathered = inMemory;
        byRef ??= prepare(`${select} FROM ${table} ${alias} WHERE ${alias}.ref = ? AND ${where}`);
        const statement = byRef;
        return ids.flatMap((id) => statement.all(refIn(gathered, id)));
      };
    },
    made: (id, ref) => {
      // The row that was known of it, or had its ref, is gone: undone, or swept.
      if (id === last?.id || ref === last?.ref) last = null;
      inMemory?.add(id, ref);
    },
    gather: () => {
      const ids = createIdTable();
      const page = prepare(`SELECT ref, ${idText('id')} FROM ${table} WHERE ref > ? ORDER BY ref LIMIT ${pageSize}`);
      for (let last = 0, rows = page.all(last); rows.length > 0; rows = page.all(last)) {
        for (const [ref, id] of rows) ids.add(idValue(id), numberValue(ref));
        last = numberValue(rows.at(-1)?.[0]);
      }
      inMemory = ids;
    },
    release: () => {
      inMemory = null;
      last = null;
    },
  };
}
