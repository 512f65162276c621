import type { NodeId } from '../../common/ids.ts';
import type { IndexReader } from '../../db/index-port.ts';
import { temporaryName } from '../../plan/temporary-name.ts';
import { bareDraft, type Draft } from '../../vault/split-operations.ts';
import { overlayTree } from '../../vault/tree-overlay.ts';
import { applyOperation } from '../../vault/tree-rules.ts';
import type { Stamp, VaultNode, VaultTree } from '../../vault/vault-tree.ts';
import { rememberedTreeReader } from '../log/index-tree.ts';

/** One operation towards what was before. */
export interface Step {
  readonly node: NodeId;
  readonly draft: Draft;
}

export interface Steps {
  readonly changes: Step[];
  /** Apart, since a delete takes all that is below. */
  readonly deletes: Step[];
  /** Something newer stands on them, or their former state is not kept. */
  readonly skipped: Set<NodeId>;
}

/**
 * The steps in an order in which they have an effect: what waits for a name or a folder is tried again after the others,
 * and nodes that stand at each other's places go by way of a temporary name. Those that never can are skipped.
 */
export function orderUndo(read: IndexReader, steps: Steps, stamp: Stamp, mayStepAside = true): Draft[] {
  const tree = overlayTree(rememberedTreeReader(read));
  const drafts: Draft[] = [];
  const aside = new Set<NodeId>();
  const perform = (draft: Draft): boolean => {
    if (applyOperation(tree, draft.operation, stamp).status === 'void') return false;
    drafts.push(draft);
    return true;
  };
  const doomed = new Set(steps.deletes.map((step) => step.node));
  let changes: readonly Step[] = steps.changes;
  const depthOf = depths(read);
  let deletes: readonly Step[] = [...steps.deletes].sort((a, b) => depthOf(a.node) - depthOf(b.node));
  for (let isProgress = true; isProgress; ) {
    const waiting = changes.length + deletes.length;
    changes = changes.filter((step) => !perform(step.draft));
    deletes = deletes.filter((step) => {
      const node = tree.node(step.node);
      if (node === null || node.isDeleted) return false;
      return !(isAllDoomed(tree, step.node, doomed) && perform(step.draft));
    });
    isProgress = changes.length + deletes.length < waiting;
    const inTheWay = isProgress || !mayStepAside ? null : findInTheWay(tree, changes, aside);
    if (inTheWay === null) continue;
    const { id, parent } = inTheWay;
    aside.add(id);
    isProgress = perform(
      bareDraft({
        type: 'place',
        node: id,
        parent,
        name: temporaryName(id, (name) => tree.liveChild(parent, name) !== null),
      }),
    );
  }
  // Nothing may be left under a temporary name.
  if (changes.some((step) => aside.has(step.node))) return orderUndo(read, steps, stamp, false);
  for (const step of [...changes, ...deletes]) steps.skipped.add(step.node);
  return drafts;
}

/** A node at the place of another one that waits for it, and that is to leave that place itself. */
function findInTheWay(tree: VaultTree, changes: readonly Step[], aside: ReadonlySet<NodeId>): VaultNode | null {
  const leaving = new Set(changes.filter((step) => step.draft.operation.type === 'place').map((step) => step.node));
  for (const { node, draft } of changes) {
    if (draft.operation.type !== 'place' && draft.operation.type !== 'restore') continue;
    const there = tree.liveChild(draft.operation.parent, draft.operation.name);
    if (there !== null && there !== node && leaving.has(there) && !aside.has(there)) return tree.node(there);
  }
  return null;
}

/** How deep nodes are. Each is looked up once: there may be very many, and folders thousands deep. */
function depths(read: IndexReader): (node: NodeId) => number {
  const known = new Map<NodeId, number>();
  return (node) => {
    const way: NodeId[] = [];
    let depth: number | undefined;
    for (let at = node; depth === undefined; ) {
      const row = known.has(at) ? null : read.vaultRow(at);
      if (row === null) depth = known.get(at) ?? 0;
      else {
        way.push(at);
        at = row.parent;
      }
    }
    for (const each of way.reverse()) known.set(each, ++depth);
    return depth;
  };
}

/** A delete takes all that is below the node: nothing may be there that is not to go. */
function isAllDoomed(tree: VaultTree, top: NodeId, doomed: ReadonlySet<NodeId>): boolean {
  const stack = [top];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (!doomed.has(node)) return false;
    for (const child of tree.liveChildren(node)) stack.push(child);
  }
  return true;
}
