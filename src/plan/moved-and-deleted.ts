import type { NodeId } from '../common/ids.ts';
import type { LocalNode, RemoteNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';
import { isMovedLocally, isMovedRemotely } from './diverged.ts';

type SideName = 'local' | 'remote';

/**
 * Folders that one side moved and the other one deleted, each after what is in it and was deleted with it. They stay as
 * they are on the side that moved them: their base is forgotten, so that from now on they are new to the other side. Were
 * only the folder kept, a crash before its content came back would make a delete of it here a delete everywhere.
 */
export function movedAndDeleted(
  trees: Trees,
  nodes: readonly NodeId[],
  isLeftAlone: (node: NodeId) => boolean,
): ReadonlySet<NodeId> {
  const kept = new Set<NodeId>();
  for (const node of nodes) {
    const side = isLeftAlone(node) ? null : sideThatMoved(trees, node);
    if (side !== null) keep(trees, side, node, kept);
  }
  return kept;
}

function sideThatMoved(trees: Trees, node: NodeId): SideName | null {
  const [local, remote, synced] = [trees.local(node), trees.remote(node), trees.synced(node)];
  if (synced?.kind !== 'folder') return null;
  if (local !== null && remote === null) return isMovedLocally(local, synced) ? 'local' : null;
  if (remote !== null && local === null) return isMovedRemotely(remote, synced) ? 'remote' : null;
  return null;
}

function keep(trees: Trees, side: SideName, folder: NodeId, kept: Set<NodeId>): void {
  const isDeleted = (node: NodeId): boolean => (side === 'local' ? trees.remote(node) : trees.local(node)) === null;
  /** It stays by itself; without its base, the edit would be in conflict with what it was made from. */
  const isEdited = ({ id, revision }: LocalNode | RemoteNode): boolean => revision !== trees.synced(id)?.revision;
  const open: { readonly node: NodeId; isExpanded: boolean }[] = [{ node: folder, isExpanded: false }];
  const met = new Set([folder]);
  for (let at = open.at(-1); at !== undefined; at = open.at(-1)) {
    if (at.isExpanded || kept.has(at.node)) {
      kept.add(at.node);
      open.pop();
      continue;
    }
    at.isExpanded = true;
    for (const child of side === 'local' ? trees.localChildren(at.node) : trees.remoteChildren(at.node)) {
      if (met.has(child.id) || !isDeleted(child.id) || trees.synced(child.id) === null || isEdited(child)) continue;
      met.add(child.id);
      open.push({ node: child.id, isExpanded: false });
    }
  }
}

/** The trees without the base of `nodes`. */
export function treesWithoutBase(trees: Trees, nodes: ReadonlySet<NodeId>): Trees {
  if (nodes.size === 0) return trees;
  return {
    local: (id) => trees.local(id),
    remote: (id) => trees.remote(id),
    synced: (id) => (nodes.has(id) ? null : trees.synced(id)),
    isTombstone: (id) => trees.isTombstone(id),
    localChildren: (parent) => trees.localChildren(parent),
    remoteChildren: (parent) => trees.remoteChildren(parent),
    localByName: (parent, name) => trees.localByName(parent, name),
    remoteByName: (parent, name) => trees.remoteByName(parent, name),
  };
}
