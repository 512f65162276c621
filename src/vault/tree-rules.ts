import { unreachable } from '../common/errors.ts';
import { type NodeId, type RevisionId, rootNode } from '../common/ids.ts';
import { nameFault } from '../common/name.ts';
import type { Manifest } from '../model/manifest.ts';
import { isConsistent } from './manifest-codec.ts';
import type { DecodedOperation } from './operation-codec.ts';
import type { Stamp, VaultNode, VaultTree, VaultTreeReader } from './vault-tree.ts';

/** Why an operation has no effect (FORMAT.md 8.4). `name` is E_PATH for that item alone. */
export type VoidReason =
  | 'node-known'
  | 'node-unknown'
  | 'node-deleted'
  | 'node-live'
  | 'root'
  | 'kind'
  | 'parent'
  | 'cycle'
  | 'name'
  | 'name-taken'
  | 'manifest'
  | 'no-content'
  | 'revision-known'
  | 'revision-unknown'
  | 'revision-current';

/**
 * `before`: the nodes that the operation changed, as they were; those that it made are not among them. A deleted folder
 * comes before what was in it.
 */
export type AppliedOperation =
  | { readonly operation: DecodedOperation; readonly status: 'applied'; readonly before: readonly VaultNode[] }
  | { readonly operation: DecodedOperation; readonly status: 'void'; readonly reason: VoidReason };

/** What one operation did: the nodes before, or why nothing. */
type Effect = readonly VaultNode[] | VoidReason;

/**
 * Applies the operations of one entry in order. What breaks a rule is void: no effect, and the next one goes on. A
 * function of tree and operation alone, so that all replicas agree. `vault` and `epoch` change no node; the position
 * that `openEntry` gives holds what they say.
 */
export const applyOperations = (
  tree: VaultTree,
  operations: readonly DecodedOperation[],
  stamp: Stamp,
): AppliedOperation[] => operations.map((operation) => applyOperation(tree, operation, stamp));

export function applyOperation(tree: VaultTree, operation: DecodedOperation, stamp: Stamp): AppliedOperation {
  const effect = perform(tree, operation, stamp);
  return typeof effect === 'string'
    ? { operation, status: 'void', reason: effect }
    : { operation, status: 'applied', before: effect };
}

function perform(tree: VaultTree, operation: DecodedOperation, stamp: Stamp): Effect {
  switch (operation.type) {
    case 'create-folder':
      return create(tree, operation, null, stamp);
    case 'create-file':
      return create(tree, operation, operation.manifest, stamp);
    case 'place':
      return place(tree, operation, stamp);
    case 'revise':
      return revise(tree, operation.node, operation.manifest, stamp);
    case 'delete':
      return remove(tree, operation.node, stamp);
    case 'restore':
      return restore(tree, operation, stamp);
    case 'release':
      return release(tree, operation.revisions);
    case 'vault':
      return nameFault(operation.name) === null ? [] : 'name';
    case 'epoch':
      return [];
    case 'unusable':
      return 'manifest';
    default:
      return unreachable(operation);
  }
}

interface Place {
  readonly node: NodeId;
  readonly parent: NodeId;
  readonly name: string;
}

/** F-TREE-2. */
function placeFault(tree: VaultTreeReader, { node, parent, name }: Place): VoidReason | null {
  if (parent !== rootNode) {
    const folder = tree.node(parent);
    if (folder === null || folder.isDeleted || folder.kind !== 'folder') return 'parent';
  }
  if (nameFault(name) !== null) return 'name';
  const sibling = tree.liveChild(parent, name);
  return sibling === null || sibling === node ? null : 'name-taken';
}

/** F-TREE-4, but for what the kind of operation asks. */
function manifestFault(tree: VaultTreeReader, node: NodeId, manifest: Manifest): VoidReason | null {
  if (manifest.node !== node || !isConsistent(manifest)) return 'manifest';
  return tree.revisionOwner(manifest.revision) === null ? null : 'revision-known';
}

/** F-TREE-1. A folder has no manifest. */
function create(tree: VaultTree, at: Place, manifest: Manifest | null, stamp: Stamp): Effect {
  if (at.node === rootNode) return 'root';
  if (tree.node(at.node) !== null) return 'node-known';
  const fault = placeFault(tree, at) ?? (manifest && manifestFault(tree, at.node, manifest));
  if (fault !== null) return fault;
  if (manifest !== null) tree.addRevision({ node: at.node, revision: manifest.revision, manifest, ...stamp });
  tree.putNode({
    id: at.node,
    kind: manifest === null ? 'folder' : 'file',
    parent: at.parent,
    name: at.name,
    isDeleted: false,
    revision: manifest?.revision ?? null,
    ...stamp,
  });
  return [];
}

/** The node, if it is one that can be moved, revised or deleted. */
function liveNode(tree: VaultTreeReader, id: NodeId): VaultNode | VoidReason {
  if (id === rootNode) return 'root';
  const node = tree.node(id);
  if (node === null) return 'node-unknown';
  return node.isDeleted ? 'node-deleted' : node;
}

/** F-TREE-3. */
function place(tree: VaultTree, to: Place, stamp: Stamp): Effect {
  const node = liveNode(tree, to.node);
  if (typeof node === 'string') return node;
  const fault = placeFault(tree, to);
  if (fault !== null) return fault;
  if (node.kind === 'folder' && isWithin(tree, to.parent, node.id)) return 'cycle';
  tree.putNode({ ...node, parent: to.parent, name: to.name, ...stamp });
  return [node];
}

/** Whether live folder `id` is `folder` or below it. */
function isWithin(tree: VaultTreeReader, id: NodeId, folder: NodeId): boolean {
  for (let at = id; at !== rootNode; at = tree.node(at)?.parent ?? rootNode) if (at === folder) return true;
  return false;
}

function revise(tree: VaultTree, id: NodeId, manifest: Manifest, stamp: Stamp): Effect {
  const node = liveNode(tree, id);
  if (typeof node === 'string') return node;
  if (node.kind !== 'file') return 'kind';
  const fault = manifestFault(tree, id, manifest);
  if (fault !== null) return fault;
  tree.addRevision({ node: id, revision: manifest.revision, manifest, ...stamp });
  // The node's own stamp tells of its place and life, the revision's of the content.
  tree.putNode({ ...node, revision: manifest.revision });
  return [node];
}

/** F-TREE-5. */
function remove(tree: VaultTree, id: NodeId, stamp: Stamp): Effect {
  const top = liveNode(tree, id);
  if (typeof top === 'string') return top;
  const before: VaultNode[] = [top];
  // Grows while it is walked: parents come before children.
  for (const node of before) {
    if (node.kind !== 'folder') continue;
    for (const child of tree.liveChildren(node.id)) {
      const found = tree.node(child);
      if (found !== null) before.push(found);
    }
  }
  for (const node of before) tree.putNode({ ...node, isDeleted: true, ...stamp });
  return before;
}

function restore(tree: VaultTree, to: Place, stamp: Stamp): Effect {
  if (to.node === rootNode) return 'root';
  const node = tree.node(to.node);
  if (node === null) return 'node-unknown';
  if (!node.isDeleted) return 'node-live';
  if (node.kind === 'file' && node.revision === null) return 'no-content';
  const fault = placeFault(tree, to);
  if (fault !== null) return fault;
  tree.putNode({ ...node, parent: to.parent, name: to.name, isDeleted: false, ...stamp });
  return [node];
}

/** F-TREE-6: all or none. */
function release(tree: VaultTree, revisions: readonly RevisionId[]): Effect {
  if (new Set(revisions).size !== revisions.length) return 'revision-unknown';
  const before: VaultNode[] = [];
  for (const revision of revisions) {
    const owner = tree.revisionOwner(revision);
    const node = owner === null ? null : tree.node(owner);
    if (node === null) return 'revision-unknown';
    if (node.revision !== revision) continue;
    if (!node.isDeleted) return 'revision-current';
    before.push(node);
  }
  for (const node of before) tree.putNode({ ...node, revision: null });
  tree.removeRevisions(revisions);
  return before;
}
