import { idBytes, type NodeId, rootNode } from '../common/ids.ts';
import { nameFault, nameKey } from '../common/name.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { sha256 } from '../crypto/sha256.ts';
import { distinctValues } from './distinct-values.ts';
import { isInOrder, type StateRow } from './state-row.ts';
import type { VaultNode } from './vault-tree.ts';

/** Checks that rows are a state that the tree rules allow (F-CKPT-1). Each throws E_AUTH. */
export interface StateCheck {
  add(row: StateRow): void;
  /** After the last row: what can only be seen once all are there. */
  finish(): void;
}

/** `seq`: of the checkpoint. Keeps a few words for each folder, and of each file 32 bytes. */
export function stateCheck(seq: number): StateCheck {
  const parentOf = new Map<NodeId, NodeId>();
  const liveFolders = new Set<NodeId>([rootNode]);
  /** Who has to be a folder, and who a live one. */
  const parents = new Set<NodeId>();
  const liveParents = new Set<NodeId>();
  const names = distinctValues();
  const revisions = distinctValues();
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
      parentOf.set(next.id, next.parent);
      if (!next.isDeleted) liveFolders.add(next.id);
    }
    (next.isDeleted ? parents : liveParents).add(next.parent);
    if (!next.isDeleted) names.add(slotOf(next));
  };

  const checkRoots = (): void => {
    const reachesRoot = new Set<NodeId>([rootNode]);
    for (const id of parentOf.keys()) {
      const path: NodeId[] = [];
      let at = id;
      const isOnPath = new Set<NodeId>();
      while (!reachesRoot.has(at)) {
        const parent = parentOf.get(at);
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
      if (!isOfNode || !isOfManifest || row.revision.seq > seq) throw notAuthentic();
      revisions.add(idBytes(revision));
      if (node?.revision === revision) hasCurrent = true;
    },
    finish() {
      closeNode();
      for (const parent of parents) if (parent !== rootNode && !parentOf.has(parent)) throw notAuthentic();
      for (const parent of liveParents) if (!liveFolders.has(parent)) throw notAuthentic();
      checkRoots();
      if (names.hasRepeated() || revisions.hasRepeated()) throw notAuthentic();
    },
  };
}

const encoder = new TextEncoder();

/** Stands for a place in a folder: no two names of one, as hardly two contents of one hash. */
const slotOf = ({ parent, name }: VaultNode): Uint8Array => sha256(encoder.encode(`${parent}/${nameKey(name)}`));
