import type { NodeId } from '../../src/common/ids.ts';
import { nameKey } from '../../src/common/name.ts';
import { type LocalNameRules, localKey } from '../../src/model/local-name-rules.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../../src/model/node.ts';
import type { Trees } from '../../src/model/trees.ts';

/** A Linux disk. */
export const linuxRules: LocalNameRules = {
  isCaseSensitive: true,
  isNormalizationSensitive: true,
  maxLength: { unit: 'utf8', length: 255 },
  isWindows: false,
};

export const windowsRules: LocalNameRules = {
  isCaseSensitive: false,
  isNormalizationSensitive: true,
  maxLength: { unit: 'utf16', length: 255 },
  isWindows: true,
};

export const macRules: LocalNameRules = {
  isCaseSensitive: false,
  isNormalizationSensitive: false,
  maxLength: { unit: 'utf16', length: 255 },
  isWindows: false,
};

/** Rows of one tree, found by id, by parent, and by parent and name. */
function makeTable<Row extends { readonly id: NodeId; readonly parent: NodeId; readonly name: string }>(
  keyOf: (name: string) => string,
) {
  const rows = new Map<NodeId, Row>();
  const children = new Map<NodeId, Map<NodeId, Row>>();
  const names = new Map<string, Set<NodeId>>();
  const slot = (parent: NodeId, name: string): string => `${parent}/${keyOf(name)}`;

  const remove = (id: NodeId): void => {
    const row = rows.get(id);
    if (row === undefined) return;
    rows.delete(id);
    children.get(row.parent)?.delete(id);
    names.get(slot(row.parent, row.name))?.delete(id);
  };
  const put = (row: Row): void => {
    remove(row.id);
    rows.set(row.id, row);
    const siblings = children.get(row.parent) ?? new Map<NodeId, Row>();
    children.set(row.parent, siblings.set(row.id, row));
    const key = slot(row.parent, row.name);
    names.set(key, (names.get(key) ?? new Set()).add(row.id));
  };
  return {
    rows,
    put,
    remove,
    get: (id: NodeId): Row | null => rows.get(id) ?? null,
    children: (parent: NodeId): readonly Row[] => [...(children.get(parent)?.values() ?? [])],
    byName: (parent: NodeId, name: string): Row | null => {
      const [id] = names.get(slot(parent, name)) ?? [];
      return id === undefined ? null : (rows.get(id) ?? null);
    },
  };
}

/** The remote tree with its tombstones; several devices can share one. */
export interface MemoryVault {
  readonly nodes: ReturnType<typeof makeTable<RemoteNode>>;
  readonly tombstones: Map<NodeId, RemoteNode>;
}

const makeVault = (): MemoryVault => ({ nodes: makeTable<RemoteNode>(nameKey), tombstones: new Map() });

/** The three trees in memory, with the same answers as the index gives; counts the questions it is asked. */
export interface MemoryTrees extends Trees {
  readonly rules: LocalNameRules;
  readonly vault: MemoryVault;
  putLocal(row: LocalNode): void;
  putRemote(row: RemoteNode): void;
  putSynced(row: SyncedNode): void;
  removeLocal(id: NodeId): void;
  /** One node becomes a tombstone. */
  removeRemote(id: NodeId): void;
  removeSynced(id: NodeId): void;
  /** The last row of a deleted node. */
  tombstone(id: NodeId): RemoteNode | null;
  /** All ids in any of the trees. */
  ids(): NodeId[];
  locals(): LocalNode[];
  remotes(): RemoteNode[];
  synceds(): SyncedNode[];
  reads(): number;
}

export function makeMemoryTrees(rules: LocalNameRules = linuxRules, vault: MemoryVault = makeVault()): MemoryTrees {
  const local = makeTable<LocalNode>((name) => localKey(name, rules));
  const { nodes: remote, tombstones } = vault;
  const synced = new Map<NodeId, SyncedNode>();
  let reads = 0;
  const counted = <A extends readonly unknown[], R>(read: (...args: A) => R) => {
    return (...args: A): R => {
      reads++;
      return read(...args);
    };
  };
  return {
    rules,
    vault,
    local: counted(local.get),
    remote: counted(remote.get),
    synced: counted((id: NodeId) => synced.get(id) ?? null),
    isTombstone: counted((id: NodeId) => tombstones.has(id)),
    localChildren: counted(local.children),
    remoteChildren: counted(remote.children),
    localByName: counted(local.byName),
    remoteByName: counted(remote.byName),
    putLocal: local.put,
    putRemote: (row) => {
      tombstones.delete(row.id);
      remote.put(row);
    },
    putSynced: (row) => {
      synced.set(row.id, row);
    },
    removeLocal: local.remove,
    removeRemote: (id) => {
      const row = remote.get(id);
      if (row !== null) tombstones.set(id, row);
      remote.remove(id);
    },
    removeSynced: (id) => {
      synced.delete(id);
    },
    tombstone: (id) => tombstones.get(id) ?? null,
    ids: () => [...new Set([...local.rows.keys(), ...remote.rows.keys(), ...synced.keys()])],
    locals: () => [...local.rows.values()],
    remotes: () => [...remote.rows.values()],
    synceds: () => [...synced.values()],
    reads: () => reads,
  };
}
