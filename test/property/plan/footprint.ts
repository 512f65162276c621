import { type NodeId, rootNode } from '../../../src/common/ids.ts';
import { nameKey } from '../../../src/common/name.ts';
import { localKey } from '../../../src/model/local-name-rules.ts';
import type { DownOperation, PlannedOperation, SettleOperation, UpOperation } from '../../../src/plan/plan.ts';
import type { MemoryTrees } from '../../fakes/memory-trees.ts';

/**
 * What an operation depends on and what it changes, as names of things: of one side's node its `place`, its `content`,
 * whether it is `there` to hold others, what it `holds`; a `slot` that one name fills; the `way` up, for moves that could
 * make a circle. Two operations are independent if neither changes what the other one uses.
 */
export interface Footprint {
  readonly uses: ReadonlySet<string>;
  readonly changes: ReadonlySet<string>;
}

interface Marks {
  readonly uses: Set<string>;
  readonly changes: Set<string>;
}

function markUp(trees: MemoryTrees, operation: UpOperation, { uses, changes }: Marks): void {
  const { node } = operation;
  const slot = (parent: NodeId, name: string): string => `up slot ${parent}/${nameKey(name)}`;
  if ('name' in operation) {
    const former = trees.remote(node);
    changes.add(`up place ${node}`).add(slot(operation.parent, operation.name));
    if (former === null) changes.add(`up there ${node}`);
    else {
      changes.add(slot(former.parent, former.name));
      uses.add(`up holds ${former.parent}`);
    }
    uses.add(`up there ${operation.parent}`).add(`up there ${node}`).add(`up holds ${operation.parent}`);
    if (operation.type === 'up-place' && former?.kind === 'folder') changes.add('up way');
  } else if (operation.type === 'up-revise') {
    uses.add(`up there ${node}`);
    changes.add(`up content ${node}`);
  } else {
    const going = [node];
    for (const id of going) {
      const row = trees.remote(id);
      if (row !== null) changes.add(slot(row.parent, row.name)).add(`up holds ${row.parent}`);
      changes.add(`up place ${id}`).add(`up there ${id}`).add(`up content ${id}`).add(`up holds ${id}`);
      going.push(...trees.remoteChildren(id).map((child) => child.id));
    }
  }
}

function markDown(
  trees: MemoryTrees,
  operation: DownOperation,
  parked: ReadonlySet<NodeId>,
  { uses, changes }: Marks,
): void {
  const { node } = operation;
  const slot = (parent: NodeId, name: string): string => `down slot ${parent}/${localKey(name, trees.rules)}`;
  const row = trees.local(node);
  /** Nothing is within reach below what is in the stage. */
  const reach = (from: NodeId): void => {
    for (let at: NodeId | undefined = from; at !== undefined && at !== rootNode; at = trees.local(at)?.parent) {
      uses.add(`down there ${at}`);
    }
  };
  reach(node);
  const leave = (): void => {
    if (row === null) return;
    changes.add(`down place ${node}`).add(slot(row.parent, row.name));
    uses.add(`down holds ${row.parent}`);
    if (row.kind === 'folder') changes.add('down way');
  };
  switch (operation.type) {
    case 'down-create-file':
    case 'down-create-folder':
    case 'down-place':
      leave();
      if (row === null || parked.has(node)) changes.add(`down there ${node}`);
      if (row === null) changes.add(`down content ${node}`);
      changes.add(`down place ${node}`).add(slot(operation.parent, operation.localName));
      reach(operation.parent);
      uses.add(`down holds ${operation.parent}`);
      break;
    case 'down-park':
      leave();
      changes.add(`down there ${node}`);
      break;
    case 'down-set-aside':
      leave();
      if (row !== null) changes.add(slot(row.parent, operation.localName));
      break;
    case 'down-delete':
      leave();
      changes.add(`down there ${node}`).add(`down content ${node}`).add(`down holds ${node}`);
      break;
    case 'down-revise':
      changes.add(`down content ${node}`);
      break;
    case 'down-conflict':
      uses.add(`down place ${node}`);
      changes.add(`down content ${node}`);
      if (row !== null) changes.add(slot(row.parent, operation.copyName));
      break;
  }
}

function markSettle(trees: MemoryTrees, operation: SettleOperation, { uses, changes }: Marks): void {
  changes.add(`node ${operation.node}`);
  if (operation.type === 'adopt') changes.add(`node ${operation.as}`);
  const parent = trees.local(operation.node)?.parent ?? rootNode;
  uses.add(`node ${parent}`);
}

/** The footprint of an operation whose turn has come. */
export function footprint(trees: MemoryTrees, operation: PlannedOperation, parked: ReadonlySet<NodeId>): Footprint {
  const marks: Marks = { uses: new Set(), changes: new Set() };
  if (operation.type.startsWith('up-')) markUp(trees, operation as UpOperation, marks);
  else if (operation.type.startsWith('down-')) markDown(trees, operation as DownOperation, parked, marks);
  else markSettle(trees, operation as SettleOperation, marks);
  return marks;
}

const meet = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => [...a].some((mark) => b.has(mark));

/** Whether the two may change places. */
export const isIndependent = (a: Footprint, b: Footprint): boolean =>
  !meet(a.changes, b.changes) && !meet(a.changes, b.uses) && !meet(a.uses, b.changes);
