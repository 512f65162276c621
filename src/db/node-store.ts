import { assert } from '../common/errors.ts';
import { type NodeId, rootNode } from '../common/ids.ts';
import type { SyncedNode } from '../model/node.ts';
import type { Connection, SqlRow, SqlValue, Statement } from './connection.ts';
import type { Divergence, KnownNode, LocalRow, VaultRow } from './index-port.ts';
import { type ColumnGroup, groupSelect, localGroup, parentSelect, remoteGroup, syncedGroup } from './node-columns.ts';
import { type IsDiverged, type NodeState, needsPlan } from './node-state.ts';
import { paged, pageSize, repeatable } from './paged.ts';
import type { RowIds } from './row-ids.ts';
import { divergedIndexes } from './schema.ts';
import { emptyTally, type Tally, tallyColumns, tallyNode } from './tally.ts';
import { idBlob, idPrefix, idText, idValue, numberValue } from './values.ts';
import type { VaultLoad } from './vault-load.ts';

interface StoredNode extends NodeState {
  readonly ref: number;
  /** Refs of the three parents. */
  readonly parents: { readonly local: number | null; readonly vault: number | null; readonly synced: number | null };
}

const trees = ['local', 'vault', 'synced'] as const;
type Tree = (typeof trees)[number];

/** Groups of a node that are written at once: null takes one away, one that is not named stays. */
export interface NodeRows {
  readonly local?: LocalRow | null;
  readonly vault?: VaultRow | null;
  readonly synced?: SyncedNode | null;
}

/** Reads and changes rows of `node`; keeps the flag, the counts and the existence of rows right. */
export interface NodeStore {
  readonly groups: { readonly local: ColumnGroup<LocalRow> };
  load(id: NodeId): NodeState | null;
  /** See `IndexReader`. */
  rowsOf(id: NodeId): KnownNode;
  divergedRows(which: Divergence): Iterable<KnownNode>;
  /** Several groups at once take little more than one. */
  change(id: NodeId, rows: NodeRows): void;
  /** The same for a node without a row: nothing is read. */
  add(id: NodeId, rows: NodeRows): void;
  /** Replaces the vault's group, and the synced one by what `agreed` makes of it. */
  settle(vault: VaultRow, agreed: (synced: SyncedNode | null) => SyncedNode | null): void;
  /** See `IndexWriter`. */
  renumberVolume(from: number, to: number): void;
  /** The node's ref; a row is made for an id not seen before. */
  refOf(id: NodeId): number;
  tally(): Readonly<Tally>;
  /** See `IndexReader.localVersion`. */
  localVersion(): number;
  /** See `IndexReader.vaultVersion`. */
  vaultVersion(): number;
  /** All rows, page by page. */
  states(): Iterable<{ readonly id: NodeId; readonly state: NodeState }>;
  /** Writes all local groups and flags again, after a change of the rules that they depend on. */
  rewrite(): void;
}

/** Somewhat more than what is new in a plan. */
const mostPlanned = 4000;

const noNode: NodeState = { local: null, vault: null, synced: null, isDiverged: false };

export function createNodeStore(
  connection: Connection,
  localKey: (name: string) => string,
  isDiverged: IsDiverged,
  ids: RowIds,
  vaultLoad: Pick<VaultLoad, 'isLoading'>,
): NodeStore {
  const { prepare } = connection;
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
  const insertInto = remembered((given) => {
    const columns = columnsOf(given);
    return prepare(`INSERT INTO node (${columns.join()}, diverged, id48, id) VALUES (${marks(columns)}, ?, ?, ?)`);
  });
  const update = (columns: readonly string[]): Statement =>
    prepare(`UPDATE node SET ${columns.map((column) => `${column} = ?`).join()} WHERE ref = ?`);
  // The flag only where it changes: naming a column makes SQLite write the indexes on it, changed or not.
  const updateRows = remembered((given) => update(columnsOf(given)));
  const updateFlagged = remembered((given) => update([...columnsOf(given), 'diverged']));
  const setDiverged = prepare('UPDATE node SET diverged = ? WHERE ref = ?');
  const sweep = prepare(`
    DELETE FROM node WHERE ref = ? AND ref <> 0
      AND local_parent IS NULL AND remote_parent IS NULL AND synced_parent IS NULL
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.local_parent = node.ref)
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.remote_parent = node.ref AND child.remote_deleted = 0)
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.remote_parent = node.ref AND child.remote_deleted = 1)
      AND NOT EXISTS (SELECT 1 FROM node child WHERE child.synced_parent = node.ref)
      AND NOT EXISTS (SELECT 1 FROM revision WHERE revision.node = node.ref)`);
  const loadTally = prepare(`SELECT ${tallyColumns.join()} FROM state`);
  const saveTally = prepare(`UPDATE state SET ${tallyColumns.map((column) => `${column} = ?`).join()}`);

  const storedTally = (): Tally => {
    const row = loadTally.get() ?? [];
    const tally = emptyTally();
    tallyColumns.forEach((column, i) => {
      tally[column] = numberValue(row[i]);
    });
    return tally;
  };
  /** Null: not read since the last write that failed, when the disk may give nothing either. */
  let tally: Tally | null = null;
  let isTallyChanged = false;
  const sums = (): Tally => {
    tally ??= storedTally();
    return tally;
  };
  let localVersion = 0;
  let vaultVersion = 0;
  /** Rows that may have become empty in this transaction, or since a load began. */
  const loose = new Set<number>();
  /** Siblings come one after the other, so the parent is mostly the one of the row before; a revision comes right after its node. */
  let lastParent: { readonly id: NodeId; readonly ref: number } | null = null;
  let lastWritten: { readonly id: NodeId; readonly ref: number } | null = null;
  /** Nodes as they were read for a plan, each until it is written: what is settled need not be read again. */
  const planned = new Map<NodeId, StoredNode>();
  /** Grows with each write: rows that were read before are no longer how nodes are. */
  let writes = 0;
  const forgetLast = () => {
    lastParent = null;
    lastWritten = null;
  };

  const settleRows = () => {
    // Whether others refer to a row is asked of indexes.
    if (!vaultLoad.isLoading()) {
      for (const ref of loose) sweep.run(ref);
      if (loose.size > 0) forgetLast();
      loose.clear();
    }
    if (isTallyChanged) saveTally.run(...tallyColumns.map((column) => sums()[column]));
    isTallyChanged = false;
  };
  connection.beforeCommit(settleRows);
  connection.afterRollback(() => {
    loose.clear();
    forgetLast();
    planned.clear();
    writes++;
    tally = null;
    isTallyChanged = false;
    localVersion++;
    vaultVersion++;
  });

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

  const load = (id: NodeId): StoredNode | null => {
    const known = planned.get(id);
    if (known !== undefined) return known;
    const row = byId.get(id);
    return row === undefined ? null : decode(row).state;
  };

  const refOf = (id: NodeId): number => {
    if (id === rootNode) return 0;
    if (id === lastWritten?.id) return lastWritten.ref;
    const found = findRef.get(id);
    if (found !== undefined) return numberValue(found[0]);
    const ref = insertBare.run(idPrefix(id), idBlob(id));
    ids.made(id, ref);
    loose.add(ref);
    return ref;
  };

  const parentRefOf = (id: NodeId): number => {
    if (id !== lastParent?.id) lastParent = { id, ref: refOf(id) };
    return lastParent.ref;
  };

  const diverges = (state: NodeState) => needsPlan(state, isDiverged);

  const encoded = (tree: Tree, row: NodeRows[Tree], parentRef: number): SqlValue[] =>
    row === null || row === undefined
      ? groups[tree].columns.map(() => null)
      : (groups[tree] as ColumnGroup<typeof row>).encode(row, parentRef);

  const write = (id: NodeId, before: StoredNode | null, rows: NodeRows): void => {
    const counted = sums();
    planned.delete(id);
    writes++;
    const given = trees.filter((tree) => rows[tree] !== undefined);
    if (rows.local !== undefined) localVersion++;
    if (rows.vault !== undefined) vaultVersion++;
    const merged: NodeState = { ...(before ?? noNode), ...rows };
    const isNowDiverged = diverges(merged);
    const after: NodeState = { ...merged, isDiverged: isNowDiverged };
    const values: SqlValue[] = [];
    for (const tree of given) {
      const row = rows[tree] ?? null;
      const parentRef = row === null ? 0 : parentRefOf(row.parent);
      for (const value of encoded(tree, row, parentRef)) values.push(value);
      const formerParent = before?.parents[tree] ?? null;
      if (formerParent !== null && (row === null || formerParent !== parentRef)) loose.add(formerParent);
      if (before !== null && row === null) loose.add(before.ref);
    }
    if (before === null) {
      const ref = insertInto(given).run(...values, Number(isNowDiverged), idPrefix(id), idBlob(id));
      ids.made(id, ref);
      lastWritten = { id, ref };
    } else {
      if (isNowDiverged === before.isDiverged) updateRows(given).run(...values, before.ref);
      else updateFlagged(given).run(...values, Number(isNowDiverged), before.ref);
      lastWritten = { id, ref: before.ref };
      tallyNode(counted, before, -1);
    }
    tallyNode(counted, after, 1);
    isTallyChanged = true;
  };

  /** Rows for its parents first: one made for them must not come between reading this one and writing it. */
  const check = (id: NodeId, row: NodeRows[Tree]): void => {
    if (row === null || row === undefined) return;
    assert(id !== rootNode, 'the root of a vault is in none of the trees');
    assert(row.id === id, 'a row is of another node');
    assert(row.parent !== id, 'a node is its own parent');
    parentRefOf(row.parent);
  };

  const change = (id: NodeId, rows: NodeRows): void => {
    for (const tree of trees) check(id, rows[tree]);
    const before = load(id);
    if (before !== null || trees.some((tree) => rows[tree] != null)) write(id, before, rows);
  };

  const add = (id: NodeId, rows: NodeRows): void => {
    for (const tree of trees) check(id, rows[tree]);
    write(id, null, rows);
  };

  const settle = (vault: VaultRow, agreed: (synced: SyncedNode | null) => SyncedNode | null): void => {
    check(vault.id, vault);
    const before = load(vault.id);
    const former = before?.synced ?? null;
    const synced = agreed(former);
    check(vault.id, synced);
    write(vault.id, before, synced === former ? { vault } : { vault, synced });
  };

  const updateVolume = prepare('UPDATE node SET local_dev = ? WHERE local_dev = ?');
  const renumberVolume = (from: number, to: number): void => {
    planned.clear();
    writes++;
    localVersion++;
    updateVolume.run(to, from);
  };

  const nextPage = prepare(`${select} WHERE n.ref > ? ORDER BY n.ref LIMIT ${pageSize}`);
  const stored = repeatable(() => paged((last) => nextPage.all(numberValue(last?.[at.ref] ?? 0)), decode));
  const knownOf = (id: NodeId, { local, vault, synced }: NodeState): KnownNode => ({ id, local, vault, synced });
  /** `asOf`: the writes before it was read. */
  const known = (row: SqlRow, asOf: number): KnownNode => {
    const { id, state } = decode(row);
    if (planned.size >= mostPlanned) planned.clear();
    if (asOf === writes) planned.set(id, state);
    return knownOf(id, state);
  };
  /** Two statements, since SQLite seeks by the rest of a folder or by the next ones, not by both. */
  const divergedPages = ({ folder, condition }: (typeof divergedIndexes)[keyof typeof divergedIndexes]) => {
    const where = `${select} WHERE ${condition} AND ${folder}`;
    const rest = prepare(`${where} = ? AND ref > ? ORDER BY ref LIMIT ${pageSize}`);
    const next = prepare(`${where} > ? ORDER BY ${folder}, ref LIMIT ?`);
    const page = (last: SqlRow | null): readonly SqlRow[] => {
      if (last === null) return next.all(-1, pageSize);
      const of = numberValue(last[at.vault] ?? last[at.local] ?? last[at.synced]);
      const rows = rest.all(of, numberValue(last[at.ref]));
      return rows.length === pageSize ? rows : [...rows, ...next.all(of, pageSize - rows.length)];
    };
    return repeatable(() => {
      let asOf = writes;
      const fetch = (last: SqlRow | null): readonly SqlRow[] => {
        asOf = writes;
        return page(last);
      };
      return paged(fetch, (row) => known(row, asOf));
    });
  };
  const diverged = { based: divergedPages(divergedIndexes.node_based), new: divergedPages(divergedIndexes.node_new) };
  const rowsOf = (id: NodeId): KnownNode => knownOf(id, load(id) ?? noNode);

  const rewrite = (): void => {
    planned.clear();
    const anew = emptyTally();
    tally = anew;
    isTallyChanged = true;
    for (const { state } of stored) {
      const after = { ...state, isDiverged: diverges(state) };
      if (state.local !== null) {
        updateRows(['local']).run(...local.encode(state.local, state.parents.local ?? 0), state.ref);
      }
      if (after.isDiverged !== state.isDiverged) setDiverged.run(Number(after.isDiverged), state.ref);
      tallyNode(anew, after, 1);
    }
  };

  return {
    groups: { local },
    load,
    rowsOf,
    divergedRows: (which) => diverged[which],
    change,
    add,
    settle,
    renumberVolume,
    refOf,
    tally: sums,
    localVersion: () => localVersion,
    vaultVersion: () => vaultVersion,
    states: () => stored,
    rewrite,
  };
}

/** One for each set of groups, made when first asked for: most are never. */
function remembered(make: (given: readonly Tree[]) => Statement): (given: readonly Tree[]) => Statement {
  const known: (Statement | undefined)[] = [];
  return (given) => {
    let key = 0;
    for (const tree of given) key |= 1 << trees.indexOf(tree);
    const statement = known[key] ?? make(given);
    known[key] = statement;
    return statement;
  };
}
