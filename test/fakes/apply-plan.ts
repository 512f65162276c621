import { must } from '../../src/common/errors.ts';
import { type NodeId, type RevisionId, rootNode } from '../../src/common/ids.ts';
import { nameFault } from '../../src/common/name.ts';
import { localKey } from '../../src/model/local-name-rules.ts';
import type { LocalNode, RemoteNode } from '../../src/model/node.ts';
import type { DownOperation, Plan, PlannedOperation, SettleOperation, UpOperation } from '../../src/plan/plan.ts';
import type { Contents } from './contents.ts';
import { bringBackParked, dieAfter, rememberSynced } from './die-after.ts';
import type { MemoryTrees } from './memory-trees.ts';

export interface ApplyOptions {
  /** Which list goes next while both have operations. Default: all up, then all down. */
  readonly upNext?: () => boolean;
  /** Makes an operation fail without effect, as a crash, a lock or a lost race does. */
  readonly fails?: () => boolean;
  /** Makes the process die after an operation had its effect and before the index knows of it: the rest is not done. */
  readonly dies?: () => boolean;
  /** Told of each operation when its turn comes, before it has any effect. */
  readonly onTurn?: (operation: PlannedOperation) => void;
}

const isInside = (trees: MemoryTrees, side: 'local' | 'remote', node: NodeId, above: NodeId): boolean => {
  for (let at: NodeId | undefined = node; at !== undefined && at !== rootNode; ) {
    if (at === above) return true;
    at = (side === 'local' ? trees.local(at) : trees.remote(at))?.parent;
  }
  return false;
};

/** Why the log would call the operation void; null if it holds (FORMAT.md, Tree rules). */
function voidReason(trees: MemoryTrees, operation: UpOperation): string | null {
  const { node } = operation;
  if ('name' in operation) {
    if (operation.parent !== rootNode && trees.remote(operation.parent)?.kind !== 'folder')
      return 'no live parent folder';
    if (nameFault(operation.name) !== null) return 'impossible name';
    const holder = trees.remoteByName(operation.parent, operation.name);
    if (holder !== null && holder.id !== node) return 'name taken';
  }
  switch (operation.type) {
    case 'up-create-file':
    case 'up-create-folder':
      return trees.remote(node) !== null || trees.isTombstone(node) ? 'id used' : null;
    case 'up-place':
      if (trees.remote(node) === null) return 'not live';
      return isInside(trees, 'remote', operation.parent, node) ? 'into itself' : null;
    case 'up-restore':
      return trees.isTombstone(node) ? null : 'not deleted';
    case 'up-revise':
      return trees.remote(node)?.kind === 'file' ? null : 'no live file';
    case 'up-delete':
      return trees.remote(node) === null ? 'not live' : null;
  }
}

/** Applies what must hold; returns false if the log would call it void. */
function applyUp(trees: MemoryTrees, operation: UpOperation, contents: Contents): boolean {
  if (voidReason(trees, operation) !== null) return false;
  const { node } = operation;
  const local = trees.local(node);
  const synced = trees.synced(node);
  // What it was planned for did not take this id after all.
  if (local === null && operation.type !== 'up-delete') return false;
  const row = (kind: RemoteNode['kind'], parent: NodeId, name: string, revision: RevisionId | null): RemoteNode => ({
    id: node,
    parent,
    name,
    kind,
    revision,
    size: revision === null ? 0 : contents.of(revision).length,
    mtimeUs: local?.mtimeUs ?? 0,
    exec: local?.exec ?? false,
  });
  switch (operation.type) {
    case 'up-create-file':
    case 'up-create-folder': {
      const revision = operation.type === 'up-create-file' ? operation.revision : null;
      const kind = revision === null ? 'folder' : 'file';
      const { parent, name } = operation;
      trees.putRemote(row(kind, parent, name, revision));
      trees.putSynced({ id: node, parent, name, localName: must(local).name, kind, revision });
      return true;
    }
    case 'up-place': {
      const { parent, name } = operation;
      const remote = must(trees.remote(node));
      trees.putRemote({ ...remote, parent, name });
      const isStep = operation.rule === 'swap-by-way-of-a-temporary-name';
      if (synced !== null) trees.putSynced({ ...synced, parent, name, localName: isStep ? name : must(local).name });
      return true;
    }
    case 'up-restore': {
      const { parent, name } = operation;
      const former = must(trees.tombstone(node));
      trees.putRemote(row(former.kind, parent, name, former.revision));
      if (synced !== null) trees.putSynced({ ...synced, parent, name, localName: must(local).name });
      return true;
    }
    case 'up-revise': {
      const { revision } = operation;
      const { mtimeUs, exec } = must(local);
      trees.putRemote({ ...must(trees.remote(node)), revision, size: contents.of(revision).length, mtimeUs, exec });
      if (synced !== null) trees.putSynced({ ...synced, revision });
      return true;
    }
    case 'up-delete': {
      const going = [node];
      for (const id of going) going.push(...trees.remoteChildren(id).map((child) => child.id));
      if (going.length !== operation.nodes || going.some((id) => trees.local(id) !== null)) return false;
      for (const id of going) {
        trees.removeRemote(id);
        trees.removeSynced(id);
      }
      return true;
    }
  }
}

function applyDown(
  trees: MemoryTrees,
  operation: DownOperation,
  contents: Contents,
  parked: Map<NodeId, LocalNode>,
): boolean {
  const { node } = operation;
  const local = trees.local(node);
  const synced = trees.synced(node);
  // The stage is no place of the tree: what is below a parked folder has no path until that is back.
  const isInStage = (at: NodeId): boolean => [...parked.keys()].some((each) => isInside(trees, 'local', at, each));
  if (local !== null && !parked.has(node) && isInStage(node)) return false;
  const isFree = (parent: NodeId, name: string): boolean => {
    if (parent !== rootNode && (trees.local(parent)?.kind !== 'folder' || isInStage(parent))) return false;
    const holder = trees.localByName(parent, name);
    return holder === null || holder.id === node || parked.has(holder.id);
  };
  const put = (row: LocalNode): void => {
    trees.putLocal(row);
  };
  const takeRevision = (revision: RevisionId): void => {
    const { mtimeUs, exec } = must(trees.remote(node));
    put({ ...must(trees.local(node)), revision, size: contents.of(revision).length, differsFrom: null, mtimeUs, exec });
    if (synced !== null) trees.putSynced({ ...synced, revision });
  };
  switch (operation.type) {
    case 'down-create-file':
    case 'down-create-folder': {
      const remote = trees.remote(node);
      const { parent, name, localName } = operation;
      if (local !== null || remote === null || !isFree(parent, localName)) return false;
      put({ ...remote, parent, name: localName, differsFrom: null });
      trees.putSynced({ ...remote, parent, name, localName });
      return true;
    }
    case 'down-place': {
      const { parent, name, localName } = operation;
      if (local === null || trees.remote(node) === null || !isFree(parent, localName)) return false;
      if (isInside(trees, 'local', parent, node)) return false;
      parked.delete(node);
      put({ ...local, parent, name: localName });
      if (synced !== null) trees.putSynced({ ...synced, parent, name, localName });
      return true;
    }
    case 'down-park':
      if (local === null) return false;
      parked.set(node, local);
      // In the stage: nobody's sibling, below nothing.
      put({ ...local, parent: rootNode, name: `.~${node}` });
      return true;
    case 'down-revise':
      if (local === null || trees.remote(node)?.revision !== operation.revision) return false;
      takeRevision(operation.revision);
      return true;
    case 'down-delete':
      if (local === null || trees.localChildren(node).length > 0 || synced === null) return false;
      if (local.kind === 'file' && local.revision !== synced.revision) throw new Error('deletes an edit');
      trees.removeLocal(node);
      trees.removeSynced(node);
      return true;
    case 'down-conflict': {
      if (local === null || trees.remote(node)?.revision !== operation.revision) return false;
      const name = operation.copyName;
      if (trees.localByName(local.parent, name) !== null) return false;
      put({ ...local, id: contents.freshId(node), name, differsFrom: null });
      takeRevision(operation.revision);
      return true;
    }
    case 'down-set-aside':
      if (local === null || !isFree(local.parent, operation.localName)) return false;
      put({ ...local, name: operation.localName });
      return true;
  }
}

function applySettle(trees: MemoryTrees, operation: SettleOperation, contents: Contents): boolean {
  const local = trees.local(operation.node);
  switch (operation.type) {
    case 'settle': {
      const remote = trees.remote(operation.node);
      if (local === null || remote === null || local.revision !== remote.revision) return false;
      if (local.parent !== remote.parent) throw new Error('settles two places');
      trees.putSynced({ ...remote, localName: local.name });
      return true;
    }
    case 'forget':
      // What one side still has becomes new to the other; what both have keeps its base.
      if (local !== null && trees.remote(operation.node) !== null) throw new Error('forgets a living node');
      trees.removeSynced(operation.node);
      return true;
    case 'adopt': {
      if (local === null || trees.local(operation.as) !== null) return false;
      const children = trees.localChildren(operation.node);
      trees.removeLocal(operation.node);
      trees.putLocal({ ...local, id: operation.as });
      for (const child of children) trees.putLocal({ ...child, parent: operation.as });
      return true;
    }
    case 'compare': {
      if (local?.revision == null) return false;
      const isEqual = contents.of(local.revision) === contents.of(operation.revision);
      trees.putLocal(
        isEqual
          ? {
              ...local,
              revision: operation.revision,
              exec: trees.remote(operation.with)?.exec ?? false,
              differsFrom: null,
            }
          : { ...local, differsFrom: operation.revision },
      );
      return true;
    }
  }
}

/**
 * Executes a plan on trees in memory, as an ideal executor does, and strictly: an operation that would be void or that
 * does not find what it needs throws, unless failures were asked for.
 */
export function applyPlan(trees: MemoryTrees, plan: Plan, contents: Contents, options: ApplyOptions = {}): void {
  const parked = new Map<NodeId, LocalNode>();
  let isDead = false;
  const attempt = (operation: PlannedOperation, apply: () => boolean): void => {
    if (isDead) return;
    options.onTurn?.(operation);
    if (options.fails?.()) {
      // What follows from the trees alone is one transaction: it fails only with the process.
      if (operation.type === 'settle' || operation.type === 'forget' || operation.type === 'adopt') isDead = true;
      return;
    }
    const isLast = options.dies?.() === true;
    const restoreSynced = isLast ? rememberSynced(trees) : null;
    const isDone = apply();
    if (!isDone && options.fails === undefined) throw new Error(`not possible: ${JSON.stringify(operation)}`);
    if (restoreSynced === null) return;
    isDead = true;
    if (isDone) dieAfter(trees, operation, restoreSynced, contents);
  };
  for (const operation of plan.settle) attempt(operation, () => applySettle(trees, operation, contents));
  const up = [...plan.up];
  const down = [...plan.down];
  const upNext = options.upNext ?? (() => true);
  while (up.length + down.length > 0) {
    const operation = down.length === 0 || (up.length > 0 && upNext()) ? up.shift() : undefined;
    if (operation !== undefined) {
      attempt(operation, () => applyUp(trees, operation, contents));
    } else {
      const next = must(down.shift());
      attempt(next, () => applyDown(trees, next, contents, parked));
    }
  }
  if (parked.size > 0 && options.fails === undefined && !isDead) throw new Error('a parked node was never placed');
  bringBackParked(trees, parked);
}

/** Names on a side that the file system or the vault takes for one; empty for a valid tree. */
export function sideFaults(trees: MemoryTrees): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const row of trees.locals()) {
    const slot = `${row.parent}/${localKey(row.name, trees.rules)}`;
    if (seen.has(slot)) faults.push(`two local nodes at ${slot}`);
    seen.add(slot);
    if (row.parent !== rootNode && trees.local(row.parent) === null) faults.push(`${row.id} has no local parent`);
  }
  for (const row of trees.remotes()) {
    if (row.parent !== rootNode && trees.remote(row.parent) === null) faults.push(`${row.id} has no remote parent`);
  }
  return faults;
}
