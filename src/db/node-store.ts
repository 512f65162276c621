import { assert } from '../common/errors.ts';
import { type NodeId, rootNode } from '../common/ids.ts';
import type { SyncedNode } from '../model/node.ts';
import type { Connection, SqlRow, SqlValue } from './connection.ts';
import type { LocalRow, VaultRow } from './index-port.ts';
import { type ColumnGroup, groupSelect, localGroup, parentSelect, remoteGroup, syncedGroup } from './node-columns.ts';
import { type IsDiverged, type NodeState, needsPlan } from './node-state.ts';
import { emptyTally, type Tally, tallyColumns, tallyNode } from './tally.ts';
import { idBlob, idPrefix, idText, idValue, numberValue } from './values.ts';
import type { VaultLoad } from './vault-load.ts';

interface StoredNode extends NodeState {
  readonly ref: number;
  /** Refs of the three parents. */
  readonly parents: { readonly local: number | null; readonly vault: number | null; readonly synced: number | null };
}

type Tree = 'local' | 'vault' | 'synced';

/** Reads and changes rows of `node`; keeps the flag, the counts and the existence of rows right. */
export interface NodeStore {
  readonly groups: { readonly local: ColumnGroup<LocalRow> };
  load(id: NodeId): NodeState | null;
  /** Replaces one group of the node; null takes it away. */
  change(id: NodeId, tree: 'local', row: LocalRow | null): void;
  change(id: NodeId, tree: 'vault', row: VaultRow | null): void;
  change(id: NodeId, tree: 'synced', row: SyncedNode | null): void;
  /** Both groups of one node at once, for little more than the price of one. */
  agree(local: LocalRow, synced: SyncedNode): void;
  /** The node's ref; a row is made for an id not seen before. */
  refOf(id: NodeId): number;
  tally(): Readonly<Tally>;
  /** All rows, page by page. */
  states(): Iterable<{ readonly id: NodeId; readonly state: NodeState }>;
  /** Writes all local groups and flags again, after a change of the rules that they depend on. */
  rewrite(): void;
}

const noNode: NodeState = { local: null, vault: null, synced: null, isDiverged: false };

const pageSize = 500;

export function createNodeStore(
  connection: Connection,
  localKey: (name: string) => string,
  isDiverged: IsDiverged,
  vaultLoad: Pick<VaultLoad, 'isLoading'>,
): NodeStore {
  const { prepare } = connection;
  const local = localGroup(localKey);
  const groups = { local, vault: remoteGroup, synced: syncedGroup };
  const blank = { local: local.columns, vault: remoteGroup.columns, synced: syncedGroup.columns };

  const at = { ref: 0, id: 1, diverged: 2, parents: 3, local: 6, vault: 6 + local.columns.length, synced: 0 };
  at.synced = at.vault + remoteGroup.columns.length;
  const all = [local, remoteGroup, syncedGroup];
  const select = `SELECT n.ref, ${idText('n.id')}, n.diverged, ${all.map(parentSelect).join()}, ${all.map(groupSelect).join()}
    FROM node n`;
  const byId = prepare(`${select} WHERE n.id48 = ? AND n.id = ?`);
  const page = prepare(`${select} WHERE n.ref > ? ORDER BY n.ref LIMIT ${pageSize}`);
  const findRef = prepare('SELECT ref FROM node WHERE id48 = ? AND id = ?');
  const insertBare = prepare('INSERT INTO node (id48, id) VALUES (?, ?)');

  const marks = (columns: readonly string[]) => columns.map(() => '?').join();
  const statementsOf = (columns: readonly string[]) => ({
    insert: prepare(`INSERT INTO node (${columns.join()}, diverged, id48, id) VALUES (${marks(columns)}, ?, ?, ?)`),
    // Apart, because naming a column makes SQLite write the indexes on it, changed or not.
    update: prepare(`UPDATE node SET ${columns.map((column) => `${column} = ?`).join()} WHERE ref = ?`),
  });
  const statements = {
    local: statementsOf(local.columns),
    vault: statementsOf(remoteGroup.columns),
    synced: statementsOf(syncedGroup.columns),
  };
  const agreed = [...local.columns, ...syncedGroup.columns, 'diverged'];
  const updateAgreed = prepare(`UPDATE node SET ${agreed.map((column) => `${column} = ?`).join()} WHERE ref = ?`);
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
  let tally = storedTally();
  let isTallyChanged = false;
  /** Rows that may have become empty in this transaction, or since a load began. */
  const loose = new Set<number>();
  /** Siblings come one after the other, so the parent is mostly the one of the row before; a revision comes right after its node. */
  let lastParent: { readonly id: NodeId; readonly ref: number } | null = null;
  let lastMade: { readonly id: NodeId; readonly ref: number } | null = null;
  const forgetLast = () => {
    lastParent = null;
    lastMade = null;
  };

  const settleRows = () => {
    // Whether others refer to a row is asked of indexes.
    if (!vaultLoad.isLoading()) {
      for (const ref of loose) sweep.run(ref);
      if (loose.size > 0) forgetLast();
      loose.clear();
    }
    if (isTallyChanged) saveTally.run(...tallyColumns.map((column) => tally[column]));
    isTallyChanged = false;
  };
  connection.beforeCommit(settleRows);
  connection.afterRollback(() => {
    loose.clear();
    forgetLast();
    tally = storedTally();
    isTallyChanged = false;
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
    const row = byId.get(idPrefix(id), idBlob(id));
    return row === undefined ? null : decode(row).state;
  };

  const refOf = (id: NodeId): number => {
    if (id === rootNode) return 0;
    if (id === lastMade?.id) return lastMade.ref;
    const found = findRef.get(idPrefix(id), idBlob(id));
    if (found !== undefined) return numberValue(found[0]);
    const ref = insertBare.run(idPrefix(id), idBlob(id));
    loose.add(ref);
    return ref;
  };

  const parentRefOf = (id: NodeId): number => {
    if (id !== lastParent?.id) lastParent = { id, ref: refOf(id) };
    return lastParent.ref;
  };

  const diverges = (state: NodeState) => needsPlan(state, isDiverged);

  const encoded = (tree: Tree, state: NodeState, parentRef: number): SqlValue[] => {
    const row = state[tree];
    if (row === null) return blank[tree].map(() => null);
    return (groups[tree] as ColumnGroup<typeof row>).encode(row, parentRef);
  };

  const change = (id: NodeId, tree: Tree, row: LocalRow | VaultRow | SyncedNode | null): void => {
    assert(id !== rootNode, 'the root of a vault is in none of the trees');
    assert(row === null || row.parent !== id, 'a node is its own parent');
    // The parent first: a row made for it must not come between reading this one and writing it.
    const parentRef = row === null ? 0 : parentRefOf(row.parent);
    const before = load(id);
    if (before === null && row === null) return;
    const merged: NodeState = { ...(before ?? noNode), [tree]: row };
    const after: NodeState = { ...merged, isDiverged: diverges(merged) };
    const values = encoded(tree, after, parentRef);
    if (before === null) {
      const ref = statements[tree].insert.run(...values, Number(after.isDiverged), idPrefix(id), idBlob(id));
      lastMade = { id, ref };
    } else {
      statements[tree].update.run(...values, before.ref);
      if (after.isDiverged !== before.isDiverged) setDiverged.run(Number(after.isDiverged), before.ref);
      const formerParent = before.parents[tree];
      if (row === null) loose.add(before.ref);
      if (formerParent !== null && (row === null || formerParent !== parentRef)) loose.add(formerParent);
      tallyNode(tally, before, -1);
    }
    tallyNode(tally, after, 1);
    isTallyChanged = true;
  };

  const agree = (row: LocalRow, synced: SyncedNode): void => {
    const { id } = row;
    const localParent = parentRefOf(row.parent);
    const syncedParent = parentRefOf(synced.parent);
    const before = load(id);
    if (before === null || id !== synced.id || id === rootNode || row.parent === id || synced.parent === id) {
      change(id, 'local', row);
      change(synced.id, 'synced', synced);
      return;
    }
    const merged: NodeState = { ...before, local: row, synced };
    const after: NodeState = { ...merged, isDiverged: diverges(merged) };
    const values = [...local.encode(row, localParent), ...syncedGroup.encode(synced, syncedParent)];
    updateAgreed.run(...values, Number(after.isDiverged), before.ref);
    for (const [former, now] of [
      [before.parents.local, localParent],
      [before.parents.synced, syncedParent],
    ] as const) {
      if (former !== null && former !== now) loose.add(former);
    }
    tallyNode(tally, before, -1);
    tallyNode(tally, after, 1);
    isTallyChanged = true;
  };

  function* stored(): Iterable<{ id: NodeId; state: StoredNode }> {
    let last = 0;
    for (;;) {
      const rows = page.all(last);
      for (const row of rows) yield decode(row);
      if (rows.length < pageSize) return;
      last = numberValue(rows.at(-1)?.[at.ref]);
    }
  }

  const rewrite = (): void => {
    tally = emptyTally();
    isTallyChanged = true;
    for (const { state } of stored()) {
      const after = { ...state, isDiverged: diverges(state) };
      if (state.local !== null) {
        statements.local.update.run(...local.encode(state.local, state.parents.local ?? 0), state.ref);
      }
      if (after.isDiverged !== state.isDiverged) setDiverged.run(Number(after.isDiverged), state.ref);
      tallyNode(tally, after, 1);
    }
  };

  return { groups: { local }, load, change, agree, refOf, tally: () => tally, states: stored, rewrite };
}
