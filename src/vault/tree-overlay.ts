import type { NodeId, RevisionId } from '../common/ids.ts';
import { nameKey } from '../common/name.ts';
import type { Operation } from '../model/operation.ts';
import { type AppliedOperation, applyOperation } from './tree-rules.ts';
import type { Stamp, VaultNode, VaultTree, VaultTreeReader } from './vault-tree.ts';

/** A tree whose writes stay in memory above `base`, which must not change meanwhile, and is asked for the same node often. */
export function overlayTree(base: VaultTreeReader): VaultTree {
  const nodes = new Map<NodeId, VaultNode>();
  /** Live children among `nodes`. */
  const children = new Map<NodeId, Set<NodeId>>();
  /** Null: the name was left. */
  const names = new Map<string, NodeId | null>();
  const owners = new Map<RevisionId, NodeId | null>();
  const slot = (parent: NodeId, name: string): string => `${parent}/${nameKey(name)}`;
  const tree: VaultTree = {
    node: (id) => nodes.get(id) ?? base.node(id),
    liveChild(parent, name) {
      const known = names.get(slot(parent, name));
      return known === undefined ? base.liveChild(parent, name) : known;
    },
    liveChildren: (parent) => [
      ...base.liveChildren(parent).filter((id) => !nodes.has(id)),
      ...(children.get(parent) ?? []),
    ],
    revisionOwner(revision) {
      const known = owners.get(revision);
      return known === undefined ? base.revisionOwner(revision) : known;
    },
    putNode(node) {
      const former = tree.node(node.id);
      if (former !== null && !former.isDeleted) {
        names.set(slot(former.parent, former.name), null);
        children.get(former.parent)?.delete(node.id);
      }
      nodes.set(node.id, node);
      if (node.isDeleted) return;
      names.set(slot(node.parent, node.name), node.id);
      const siblings = children.get(node.parent);
      if (siblings === undefined) children.set(node.parent, new Set([node.id]));
      else siblings.add(node.id);
    },
    addRevision({ revision, node }) {
      owners.set(revision, node);
    },
    removeRevisions(revisions) {
      for (const revision of revisions) owners.set(revision, null);
    },
  };
  return tree;
}

type VoidOperation = Extract<AppliedOperation, { status: 'void' }>;

/**
 * For the author: which of these operations would have an effect, in order, on top of `base`; nothing is written. Void
 * ones are never sent.
 */
export function validOperations<T extends Operation>(
  base: VaultTreeReader,
  operations: readonly T[],
  stamp: Stamp,
): { readonly valid: readonly T[]; readonly void: readonly VoidOperation[] } {
  const tree = overlayTree(base);
  const valid: T[] = [];
  const voided: VoidOperation[] = [];
  for (const operation of operations) {
    const applied = applyOperation(tree, operation, stamp);
    if (applied.status === 'void') voided.push(applied);
    else valid.push(operation);
  }
  return { valid, void: voided };
}
