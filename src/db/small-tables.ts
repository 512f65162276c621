import type { NodeId } from '../common/ids.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { Direction, IndexReader, IndexWriter } from './index-port.ts';
import { paged, pageSize, repeatable } from './paged.ts';
import { bytesValue, idBlob, idText, idValue, jsonValue, orNull, textValue } from './values.ts';

/** Approvals, returned nodes, husks, key-value meta and the vault's state: each a set or a map. */
type SmallReader = Pick<
  IndexReader,
  'isApproved' | 'approvals' | 'returned' | 'huskNamed' | 'husksOf' | 'meta' | 'vaultState'
>;
type SmallWriter = Pick<
  IndexWriter,
  | 'approve'
  | 'removeApproval'
  | 'noteReturned'
  | 'removeReturned'
  | 'addHusk'
  | 'removeHusk'
  | 'setMeta'
  | 'setVaultState'
>;

export function createSmallReader({ prepare }: Connection, localKey: (name: string) => string): SmallReader {
  const approval = prepare('SELECT 1 FROM approval WHERE direction = ? AND node = ?');
  const approvals = prepare(
    `SELECT ${idText('node')} FROM approval WHERE direction = ? AND node > ? ORDER BY node LIMIT ${pageSize}`,
  );
  const returned = prepare(`SELECT ${idText('node')} FROM returned WHERE node > ? ORDER BY node LIMIT ${pageSize}`);
  const husk = prepare('SELECT 1 FROM husk WHERE parent = ? AND name = ?');
  const husks = prepare('SELECT name FROM husk WHERE parent = ? ORDER BY name');
  const husksOf = (parent: NodeId): readonly string[] => husks.all(idBlob(parent)).map((row) => textValue(row[0]));
  const meta = prepare('SELECT value FROM meta WHERE key = ?');
  const vaultState = prepare('SELECT state FROM vault_state');
  return {
    isApproved: (direction, node) => approval.get(direction, idBlob(node)) !== undefined,
    approvals: (direction: Direction) => idsAfter((last) => approvals.all(direction, last)),
    returned: () => idsAfter((last) => returned.all(last)),
    huskNamed: (parent, name) => {
      if (husk.get(idBlob(parent), name) !== undefined) return name;
      const key = localKey(name);
      return husksOf(parent).find((other) => localKey(other) === key) ?? null;
    },
    husksOf,
    meta: (key) => orNull(meta.get(key), ([value]) => jsonValue(value)),
    vaultState: () => orNull(vaultState.get(), ([state]) => bytesValue(state)),
  };
}

/** All of them, by pages of those after the last one. */
const idsAfter = (page: (last: Buffer) => readonly SqlRow[]): Iterable<NodeId> =>
  repeatable(() =>
    paged(
      (last) => page(last === null ? Buffer.alloc(0) : idBlob(idValue<NodeId>(last[0]))),
      (row) => idValue<NodeId>(row[0]),
    ),
  );

export function createSmallWriter({ prepare }: Connection): SmallWriter {
  const approve = prepare('INSERT OR IGNORE INTO approval (direction, node) VALUES (?, ?)');
  const removeApproval = prepare('DELETE FROM approval WHERE direction = ? AND node = ?');
  const noteReturned = prepare('INSERT OR IGNORE INTO returned (node) VALUES (?)');
  const removeReturned = prepare('DELETE FROM returned WHERE node = ?');
  const addHusk = prepare('INSERT OR IGNORE INTO husk (parent, name) VALUES (?, ?)');
  const removeHusk = prepare('DELETE FROM husk WHERE parent = ? AND name = ?');
  const putMeta = prepare('INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)');
  const removeMeta = prepare('DELETE FROM meta WHERE key = ?');
  const setVaultState = prepare('INSERT OR REPLACE INTO vault_state (one, state) VALUES (1, ?)');
  return {
    approve: (direction, nodes) => {
      for (const node of nodes) approve.run(direction, idBlob(node));
    },
    removeApproval: (direction, node) => void removeApproval.run(direction, idBlob(node)),
    noteReturned: (node) => void noteReturned.run(idBlob(node)),
    removeReturned: (node) => void removeReturned.run(idBlob(node)),
    addHusk: (parent, name) => void addHusk.run(idBlob(parent), name),
    removeHusk: (parent, name) => void removeHusk.run(idBlob(parent), name),
    setMeta: (key, value) => {
      if (value === undefined) removeMeta.run(key);
      else putMeta.run(key, JSON.stringify(value));
    },
    setVaultState: (state) => void setVaultState.run(state),
  };
}

/** What these tables hold about `from` is now about `to`. What blocked `from`, and was allowed for it, is over. */
export function createNodeRename({ prepare }: Connection): (from: NodeId, to: NodeId) => void {
  const move = prepare('UPDATE OR REPLACE husk SET parent = ? WHERE parent = ?');
  const removals = [
    prepare('DELETE FROM blocked WHERE node = ?'),
    prepare("DELETE FROM approval WHERE direction IN ('up', 'down') AND node = ?"),
  ];
  return (from, to) => {
    move.run(idBlob(to), idBlob(from));
    for (const removal of removals) removal.run(idBlob(from));
  };
}
