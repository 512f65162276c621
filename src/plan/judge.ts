import type { NodeId } from '../common/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';
import { isDiverged, isMovedLocally, isMovedRemotely, vaultName } from './diverged.ts';
import { resolveContent } from './resolve-content.ts';
import { resolvePlace } from './resolve-place.ts';
import type { Verdict } from './verdict.ts';

const nothing = { type: 'none' } as const;

const isReadable = (row: LocalNode | RemoteNode | null): boolean =>
  row === null || row.kind === 'folder' || row.revision !== null;

const isOneKind = (rows: readonly (LocalNode | RemoteNode | SyncedNode | null)[]): boolean =>
  new Set(rows.filter((row) => row !== null).map((row) => row.kind)).size <= 1;

/** On this device only, with or without a base: new here, deleted there, or changed here and deleted there. */
function judgeLocal(local: LocalNode, synced: SyncedNode | null): Verdict {
  const isEdited = synced !== null && local.revision !== synced.revision;
  const isKept = synced === null || isEdited || isMovedLocally(local, synced);
  return {
    node: local.id,
    kind: local.kind,
    local,
    remote: null,
    synced,
    fate: isKept ? 'live' : 'delete-down',
    rule: synced === null ? 'created-here' : isKept ? 'edit-beats-delete' : 'deleted-there',
    placeFrom: 'local',
    parent: local.parent,
    name: vaultName(local, synced),
    localName: local.name,
    content:
      isEdited && local.revision !== null ? { type: 'up', rule: 'edited-here', revision: local.revision } : nothing,
  };
}

/** In the vault only: new there, deleted here, or changed there and deleted here. */
function judgeRemote(remote: RemoteNode, synced: SyncedNode | null): Verdict {
  const isKept = synced === null || remote.revision !== synced.revision || isMovedRemotely(remote, synced);
  return {
    node: remote.id,
    kind: remote.kind,
    local: null,
    remote,
    synced,
    fate: isKept ? 'live' : 'delete-up',
    rule: synced === null ? 'created-there' : isKept ? 'edit-beats-delete' : 'deleted-here',
    placeFrom: 'remote',
    parent: remote.parent,
    name: remote.name,
    localName: remote.name,
    content: nothing,
  };
}

/**
 * What the three rows of one node ask for, other nodes aside. Null if nothing: they agree, or they cannot be read (kinds
 * that differ, a file without a revision), which is nobody's to repair by guessing.
 */
export function judge(trees: Trees, node: NodeId): Verdict | null {
  const local = trees.local(node);
  const remote = trees.remote(node);
  const synced = trees.synced(node);
  if (!isDiverged(local, remote, synced)) return null;
  if (!isReadable(local) || !isReadable(remote) || !isOneKind([local, remote, synced])) return null;
  if (local !== null && remote !== null) {
    return {
      node,
      kind: local.kind,
      local,
      remote,
      synced,
      fate: 'live',
      ...resolvePlace(local, remote, synced),
      localName: local.name,
      content: resolveContent(local, remote, synced),
    };
  }
  if (local !== null) return judgeLocal(local, synced);
  if (remote !== null) return judgeRemote(remote, synced);
  if (synced === null) return null;
  return {
    node,
    kind: synced.kind,
    local,
    remote,
    synced,
    fate: 'forget',
    rule: 'both-gone',
    placeFrom: 'both',
    parent: synced.parent,
    name: synced.name,
    localName: synced.localName,
    content: nothing,
  };
}
