import type { NodeId } from '../common/ids.ts';
import type { Connection, SqlRow, Statement } from './connection.ts';
import { type ColumnGroup, groupSelect, localGroup, parentSelect, remoteGroup, syncedGroup } from './node-columns.ts';
import type { NodeState } from './node-state.ts';
import { pageSize } from './paged.ts';
import type { RowIds } from './row-ids.ts';
import { divergedIndexes } from './schema.ts';
import { idText, idValue, numberValue } from './values.ts';

/** A row of `node` as it is stored. */
export interface StoredNode extends NodeState {
  readonly ref: number;
  /** Refs of the three parents. */
  readonly parents: { readonly local: number | null; readonly vault: number | null; readonly synced: number | null };
}

export const trees = ['local', 'vault', 'synced'] as const;
export type Tree = (typeof trees)[number];

/** The statements on rows of `node`, and how their results are read. */
export function createNodeSql({ prepare }: Connection, localKey: (name: string) => string, ids: RowIds) {
  const local = localGroup(localKey);
  const groups = { local, vault: remoteGroup, synced: syncedGroup };

  const at = { ref: 0, id: 1, diverged: 2, parents: 3, local: 6, vault: 6 + local.columns.length, synced: 0 };
  at.synced = at.vault + remoteGroup.columns.length;
  const all = [local, remoteGroup, syncedGroup];
  const select = `SELECT n.ref, ${idText('n.id')}, n.diverged, ${all.map(parentSelect).join()}, ${all.map(groupSelect).join()}
    FROM node n`;
  const byId = ids.query(({ isThis }) => `${select} WHERE ${isThis}`);
  const findRef = ids.query(({ isThis }) => `SELECT n.ref FROM node n WHERE ${isThis}`);
  const insertBare = prepare('INSERT INTO node (id48, id) VALUES (?, ?)');

  const marks = (columns: readonly string[]) => columns.map(() => '?').join();
  const columnsOf = (given: readonly Tree[]): string[] => given.flatMap((tree) => groups[tree].columns);
  const insertInto = perTrees((given) => {
    const columns = columnsOf(given);
    return prepare(`INSERT INTO node (${columns.join()}, diverged, id48, id) VALUES (${marks(columns)}, ?, ?, ?)`);
  });
  const update = (columns: readonly string[]): Statement =>
    prepare(`UPDATE node SET ${columns.map((column) => `${column} = ?`).join()} WHERE ref = ?`);
  // The flag only where it changes: naming a column makes SQLite write the indexes on it, changed or not.
  const updateRows = perTrees((given) => update(columnsOf(given)));
  const updateFlagged = perTrees((given) => update([...columnsOf(given), 'diverged']));
  const setDiverged = prepare('UPDATE node SET diverged = ? WHERE ref = ?');
  const sweep = prepare(`
    DELETE FROM node WHERE ref = ? AND ref <> 0
      AND local_parent IS NULL AND remote_parent IS NULL AND synced_parent IS NULL
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.local_parent = node.ref)
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.remote_parent = node.ref AND child.remote_deleted = 0)
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.remote_parent = node.ref AND child.remote_deleted = 1)
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.synced_parent = node.ref)
      AND NOT EXISTS (SELECT 1 FROM revision WHERE revision.node = node.ref)`);

  const decode = (row: SqlRow): { id: NodeId; state: StoredNode } => {
    const id = idValue<NodeId>(row[at.id]);
    const group = <T>(columns: ColumnGroup<T>, position: number, parent: number): T | null =>
      row[position] === null ? null : columns.decode(id, idValue(row[at.parents + parent]), row, position);
    const refAt = (position: number) => (row[position] === null ? null : numberValue(row[position]));
    const state = {
      ref: numberValue(row[at.ref]),
      isDiverged: row[at.diverged] === 1,
      local: group(local, at.local, 0),
      vault: group(remoteGroup, at.vault, 1),
      synced: group(syncedGroup, at.synced, 2),
      parents: { local: refAt(at.local), vault: refAt(at.vault), synced: refAt(at.synced) },
    };
    return { id, state };
  };

  const page = prepare(`${select} WHERE n.ref > ? ORDER BY n.ref LIMIT ${pageSize}`);
  /** Two statements, since SQLite seeks by the rest of a folder or by the next ones, not by both. */
  const divergedPages = ({ folder, condition }: (typeof divergedIndexes)[keyof typeof divergedIndexes]) => {
    const where = `${select} WHERE ${condition} AND ${folder}`;
    const rest = prepare(`${where} = ? AND ref > ? ORDER BY ref LIMIT ${pageSize}`);
    const next = prepare(`${where} > ? ORDER BY ${folder}, ref LIMIT ?`);
    return (last: SqlRow | null): readonly SqlRow[] => {
      if (last === null) return next.all(-1, pageSize);
      const of = numberValue(last[at.vault] ?? last[at.local] ?? last[at.synced]);
      const rows = rest.all(of, numberValue(last[at.ref]));
      return rows.length === pageSize ? rows : [...rows, ...next.all(of, pageSize - rows.length)];
    };
  };

  return {
    groups,
    decode,
    byId,
    findRef,
    insertBare,
    insertInto,
    updateRows,
    updateFlagged,
    setDiverged,
    setVolume: prepare('UPDATE node SET local_dev = ? WHERE local_dev = ?'),
    /** Deletes a row that has no group, if none refers to it. */
    sweep,
    /** The page of rows that follows a last one, of all and of those that diverge. */
    nextPage: (last: SqlRow | null) => page.all(numberValue(last?.[at.ref] ?? 0)),
    nextDiverged: {
      based: divergedPages(divergedIndexes.node_based),
      new: divergedPages(divergedIndexes.node_new),
    },
  };
}

/** One for each set of groups, made when first asked for: most are never. */
function perTrees(make: (given: readonly Tree[]) => Statement): (given: readonly Tree[]) => Statement {
  const known: (Statement | undefined)[] = [];
  return (given) => {
    let key = 0;
    for (const tree of given) key |= 1 << trees.indexOf(tree);
    const statement = known[key] ?? make(given);
    known[key] = statement;
    return statement;
  };
}
