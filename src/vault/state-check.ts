import { type NodeId, type RevisionId, rootNode } from '../common/ids.ts';
import { nameFault, nameKey } from '../common/name.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { isInOrder, type StateRow } from './state-row.ts';
import type { VaultNode } from './vault-tree.ts';

/** Checks that rows are a state that the tree rules allow (F-CKPT-1). Each throws E_AUTH. */
export interface StateCheck {
  add(row: StateRow): void;
  /** After the last row: what can only be seen once all are there. */
  finish(): void;
}

/** `seq`: of the checkpoint. Keeps a few words for each node. */
export function stateCheck(seq: number): StateCheck {
  const parents = new Map<NodeId, NodeId>();
  const liveFolders = new Set<NodeId>([rootNode]);
  const folders = new Set<NodeId>([rootNode]);
  const live = new Set<NodeId>();
  const names = new Set<string>();
  const revisions = new Set<RevisionId>();
  let last: StateRow | null = null;
  let node: VaultNode | null = null;
  let hasCurrent = false;

  const closeNode = (): void => {
    // A file's current revision is kept; a live file has one.
    if (node !== null && node.revision !== null && !hasCurrent) throw notAuthentic();
    if (node !== null && node.kind === 'file' && !node.isDeleted && node.revision === null) throw notAuthentic();
  };

  const addNode = (next: VaultNode): void => {
    closeNode();
    node = next;
    hasCurrent = false;
    if (next.id === rootNode || nameFault(next.name) !== null || next.seq > seq) throw notAuthentic();
    if (next.kind === 'folder') {
      folders.add(next.id);
      if (!next.isDeleted) liveFolders.add(next.id);
    }
    parents.set(next.id, next.parent);
    if (next.isDeleted) return;
    live.add(next.id);
    const slot = `${next.parent}/${nameKey(next.name)}`;
    if (names.has(slot)) throw notAuthentic();
    names.add(slot);
  };

  const checkRoots = (): void => {
    const reachesRoot = new Set<NodeId>([rootNode]);
    for (const id of parents.keys()) {
      const path: NodeId[] = [];
      let at = id;
      const isOnPath = new Set<NodeId>();
      while (!reachesRoot.has(at)) {
        const parent = parents.get(at);
        if (parent === undefined || isOnPath.has(at)) throw notAuthentic();
        isOnPath.add(at);
        path.push(at);
        at = parent;
      }
      for (const each of path) reachesRoot.add(each);
    }
  };

  return {
    add(row) {
      if (last !== null && !isInOrder(last, row)) throw notAuthentic();
      last = row;
      if (row.type === 'node') return addNode(row.node);
      const { revision, manifest } = row.revision;
      const isOfNode = node !== null && node.kind === 'file' && node.id === row.revision.node;
      const isOfManifest = manifest.node === row.revision.node && manifest.revision === revision;
      if (!isOfNode || !isOfManifest || row.revision.seq > seq || revisions.has(revision)) throw notAuthentic();
      revisions.add(revision);
      if (node?.revision === revision) hasCurrent = true;
    },
    finish() {
      closeNode();
      for (const [id, parent] of parents) {
        if (!(live.has(id) ? liveFolders : folders).has(parent)) throw notAuthentic();
      }
      checkRoots();
    },
  };
}
