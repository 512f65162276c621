import { type NodeId, rootNode } from '../../src/common/ids.ts';
import type { LocalNode, SyncedNode } from '../../src/model/node.ts';
import type { PlannedOperation } from '../../src/plan/plan.ts';
import type { Contents } from './contents.ts';
import type { MemoryTrees } from './memory-trees.ts';

/** The synced tree as it was, so that it can be put back. */
export function rememberSynced(trees: MemoryTrees): () => void {
  const before: readonly SyncedNode[] = trees.synceds();
  return () => {
    for (const { id } of trees.synceds()) trees.removeSynced(id);
    for (const row of before) trees.putSynced(row);
  };
}

/** A file that nothing in the index tells of: the scan takes it for a new one, or for a new content of the old one. */
function foundByScan(trees: MemoryTrees, id: NodeId, row: LocalNode, contents: Contents): void {
  const revision = row.revision === null ? null : contents.freshRevision(contents.of(row.revision));
  if (id !== row.id) trees.removeLocal(row.id);
  trees.putLocal({ ...row, id, revision, differsFrom: null });
}

/**
 * The process died when the operation had its effect and the index did not know yet: the synced tree is as before, and
 * the local one as the next scan finds the disk.
 */
export function dieAfter(
  trees: MemoryTrees,
  operation: PlannedOperation,
  restoreSynced: () => void,
  contents: Contents,
): void {
  restoreSynced();
  const row = trees.local(operation.node);
  if (row === null) return;
  if (operation.type === 'down-revise') foundByScan(trees, row.id, row, contents);
  if (operation.type === 'down-create-file' || operation.type === 'down-create-folder') {
    foundByScan(trees, contents.freshId(row.id), row, contents);
  }
  if (operation.type === 'down-conflict') {
    // The one set aside is in the index already; the other one has lost its row and its base to it.
    foundByScan(trees, contents.freshId(row.id), row, contents);
    trees.removeSynced(operation.node);
  }
}

/** What waits in the stage goes back where it was or, if that is taken or gone, to the root under a name beside. */
export function bringBackParked(trees: MemoryTrees, parked: ReadonlyMap<NodeId, LocalNode>): void {
  for (const [id, origin] of parked) {
    const row = trees.local(id);
    if (row === null) continue;
    const isThere = origin.parent === rootNode || (trees.local(origin.parent) !== null && !parked.has(origin.parent));
    const parent = isThere ? origin.parent : rootNode;
    let { name } = origin;
    for (let number = 2; trees.localByName(parent, name) !== null; number++) name = `${origin.name} (${number})`;
    trees.putLocal({ ...row, parent, name });
  }
}
