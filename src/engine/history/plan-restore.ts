import { type NodeId, rootNode } from '../../common/ids.ts';
import type { IndexReader, VaultRow } from '../../db/index-port.ts';
import { isRestorable } from '../../model/is-restorable.ts';
import type { LocalNameRules } from '../../model/local-name-rules.ts';
import type { Operation } from '../../model/operation.ts';
import { restoredName } from '../../plan/name-parts.ts';
import { overlayTree } from '../../vault/tree-overlay.ts';
import { applyOperation } from '../../vault/tree-rules.ts';
import type { Stamp, VaultTree } from '../../vault/vault-tree.ts';
import { rememberedTreeReader } from '../log/index-tree.ts';

/** A deleted node and, if it is a folder, all that was deleted with it and can come back: parents first. */
export function deletedTogether(read: IndexReader, top: VaultRow): readonly VaultRow[] {
  const found = [top];
  // Grows while it is walked.
  for (const row of found) {
    if (row.kind !== 'folder') continue;
    for (const child of read.deletedChildren(row.id)) {
      if (child.seq === top.seq && isRestorable(child)) found.push(child);
    }
  }
  return found;
}

export interface RestorePlanOptions {
  readonly stamp: Stamp;
  readonly maxLength: LocalNameRules['maxLength'];
}

/**
 * Brings these deleted nodes back to where they were, in the order given. Folders above that are gone come back first,
 * empty, unless a new folder of that name has taken the place; a taken name gets a mark. Those that live are left out.
 */
export function planRestore(read: IndexReader, rows: readonly VaultRow[], options: RestorePlanOptions): Operation[] {
  const tree = overlayTree(rememberedTreeReader(read));
  const operations: Operation[] = [];

  const bringBack = (node: NodeId, parent: NodeId, wanted: string): void => {
    const name = freeName(tree, parent, wanted, options.maxLength);
    const operation: Operation = { type: 'restore', node, parent, name };
    if (applyOperation(tree, operation, options.stamp).status === 'applied') operations.push(operation);
  };

  const liveFolder = (id: NodeId): NodeId => {
    const gone: { id: NodeId; name: string }[] = [];
    let at = id;
    for (let row = tree.node(at); row?.isDeleted; row = tree.node(at)) {
      gone.push({ id: at, name: row.name });
      at = row.parent;
    }
    for (const folder of gone.reverse()) {
      const there = tree.liveChild(at, folder.name);
      if (there !== null && tree.node(there)?.kind === 'folder') at = there;
      else {
        bringBack(folder.id, at, folder.name);
        at = folder.id;
      }
    }
    return at;
  };

  for (const row of rows) {
    if (tree.node(row.id)?.isDeleted === true) {
      bringBack(row.id, row.parent === rootNode ? rootNode : liveFolder(row.parent), row.name);
    }
  }
  return operations;
}

function freeName(tree: VaultTree, parent: NodeId, wanted: string, limit: LocalNameRules['maxLength']): string {
  let name = wanted;
  for (let n = 1; tree.liveChild(parent, name) !== null; n++) name = restoredName(wanted, n, limit);
  return name;
}
