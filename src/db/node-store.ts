import { assert } from '../common/errors.ts';
import { type NodeId, rootNode } from '../common/ids.ts';
import type { SyncedNode } from '../model/node.ts';
import type { Connection, SqlRow, SqlValue } from './connection.ts';
import type { Divergence, KnownNode, LocalRow, VaultRow } from './index-port.ts';
import { createKeptTally } from './kept-tally.ts';
import type { ColumnGroup } from './node-columns.ts';
import { createNodeSql, type StoredNode, type Tree, trees } from './node-sql.ts';
import { type IsDiverged, type NodeState, needsPlan } from './node-state.ts';
import { paged, repeatable } from './paged.ts';
import type { RowIds } from './row-ids.ts';
import { type Tally, tallyNode } from './tally.ts';
import { idBlob, idPrefix, numberValue } from './values.ts';
import type { VaultLoad } from './vault-load.ts';

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
  const sql = createNodeSql(connection, localKey, ids);
  const { groups } = sql;
  const tally = createKeptTally(connection);
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
      for (const ref of loose) sql.sweep.run(ref);
      if (loose.size > 0) forgetLast();
      loose.clear();
    }
    tally.save();
  };
  connection.beforeCommit(settleRows);
  connection.afterRollback(() => {
    loose.clear();
    forgetLast();
    planned.clear();
    writes++;
    tally.forget();
    localVersion++;
    vaultVersion++;
  });

  const load = (id: NodeId): StoredNode | null => {
    const known = planned.get(id);
    if (known !== undefined) return known;
    const row = sql.byId.get(id);
    return row === undefined ? null : sql.decode(row).state;
  };

  const refOf = (id: NodeId): number => {
    if (id === rootNode) return 0;
    if (id === lastWritten?.id) return lastWritten.ref;
    const found = sql.findRef.get(id);
    if (found !== undefined) return numberValue(found[0]);
    const ref = sql.insertBare.run(idPrefix(id), idBlob(id));
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
    const sums = tally.change();
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
      const ref = sql.insertInto(given).run(...values, Number(isNowDiverged), idPrefix(id), idBlob(id));
      ids.made(id, ref);
      lastWritten = { id, ref };
    } else {
      if (isNowDiverged === before.isDiverged) sql.updateRows(given).run(...values, before.ref);
      else sql.updateFlagged(given).run(...values, Number(isNowDiverged), before.ref);
      lastWritten = { id, ref: before.ref };
      tallyNode(sums, before, -1);
    }
    tallyNode(sums, after, 1);
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

  const renumberVolume = (from: number, to: number): void => {
    planned.clear();
    writes++;
    localVersion++;
    sql.setVolume.run(to, from);
  };

  const stored = repeatable(() => paged(sql.nextPage, sql.decode));
  const knownOf = (id: NodeId, { local, vault, synced }: NodeState): KnownNode => ({ id, local, vault, synced });
  /** `asOf`: the writes before it was read. */
  const known = (row: SqlRow, asOf: number): KnownNode => {
    const { id, state } = sql.decode(row);
    if (planned.size >= mostPlanned) planned.clear();
    if (asOf === writes) planned.set(id, state);
    return knownOf(id, state);
  };
  const divergedRows = (which: Divergence): Iterable<KnownNode> =>
    repeatable(() => {
      let asOf = writes;
      const fetch = (last: SqlRow | null): readonly SqlRow[] => {
        asOf = writes;
        return sql.nextDiverged[which](last);
      };
      return paged(fetch, (row) => known(row, asOf));
    });
  const rowsOf = (id: NodeId): KnownNode => knownOf(id, load(id) ?? noNode);

  const rewrite = (): void => {
    planned.clear();
    const sums = tally.recount();
    for (const { state } of stored) {
      const after = { ...state, isDiverged: diverges(state) };
      if (state.local !== null) {
        sql.updateRows(['local']).run(...encoded('local', state.local, state.parents.local ?? 0), state.ref);
      }
      if (after.isDiverged !== state.isDiverged) sql.setDiverged.run(Number(after.isDiverged), state.ref);
      tallyNode(sums, after, 1);
    }
  };

  return {
    groups,
    load,
    rowsOf,
    divergedRows,
    change,
    add,
    settle,
    renumberVolume,
    refOf,
    tally: tally.read,
    localVersion: () => localVersion,
    vaultVersion: () => vaultVersion,
    states: () => stored,
    rewrite,
  };
}
