import type { NodeId } from '../../common/ids.ts';
import type { IndexReader, IndexWriter } from '../../db/index-port.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../../model/node.ts';
import { isSameName } from '../../plan/diverged.ts';

/**
 * An entry of this device that it learns of from the log, since the reply to its append was lost, was made of what the
 * index holds as local: both sides agreed on that, whatever the person did to it since. Without this base a later edit here
 * would be in conflict with the device's own.
 */
export function agreeOnOwn(read: IndexReader, write: IndexWriter, nodes: Iterable<NodeId>): void {
  for (const node of nodes) {
    const local = read.local(node);
    const remote = read.remote(node);
    if (local === null || remote === null || local.kind !== remote.kind) continue;
    const synced = agreedOn(local, remote, read.synced(node));
    if (synced !== null) write.putSynced(synced);
  }
}

/** The parts of a node on which both sides are at one, over the base as it was; null without any. */
function agreedOn(local: LocalNode, remote: RemoteNode, synced: SyncedNode | null): SyncedNode | null {
  const isPlaceAgreed = local.parent === remote.parent && isSameName(local.name, remote.name);
  const isContentAgreed = local.revision === remote.revision;
  const place = { parent: remote.parent, name: remote.name, localName: local.name };
  const { id, kind, revision } = remote;
  if (synced === null) return isPlaceAgreed && isContentAgreed ? { id, kind, ...place, revision } : null;
  return {
    ...synced,
    ...(isPlaceAgreed ? place : {}),
    ...(isContentAgreed ? { revision } : {}),
  };
}
