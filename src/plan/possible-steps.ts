import { type NodeId, rootNode } from '../common/ids.ts';
import { nameFault } from '../common/name.ts';
import { findCycle } from './find-cycle.ts';
import { isFolderOn, type Side } from './side.ts';
import type { Step, Steps } from './step.ts';

/** Nodes whose steps this one needs; null if it is impossible whatever they do. */
function needs(side: Side, steps: Steps, step: Step): readonly NodeId[] | null {
  if (step.type === 'vanish') {
    if (step.kind === 'folder') return side.children(step.node).map((child) => child.id);
    return step.with === undefined ? [] : [step.with];
  }
  if (nameFault(step.name) !== null) return null;
  const needed: NodeId[] = [];
  if (!isFolderOn(side, step.parent)) {
    const parent = steps.get(step.parent);
    if (parent?.type !== 'appear' || parent.kind !== 'folder') return null;
    needed.push(step.parent);
  }
  const occupant = side.occupant(step.parent, step.name);
  if (occupant !== null && occupant.id !== step.node) needed.push(occupant.id);
  return needed;
}

/** For each node, the nodes whose steps need its step. */
function dependentsIn(side: Side, steps: Steps): ReadonlyMap<NodeId, readonly NodeId[]> {
  const dependents = new Map<NodeId, NodeId[]>();
  for (const step of steps.values()) {
    for (const node of needs(side, steps, step) ?? []) {
      const list = dependents.get(node);
      if (list === undefined) dependents.set(node, [step.node]);
      else list.push(step.node);
    }
  }
  return dependents;
}

/** The steps without `first` and all that needs one of them. */
function without(side: Side, steps: Steps, first: readonly NodeId[]): Steps {
  if (first.length === 0) return steps;
  const dependents = dependentsIn(side, steps);
  const left = new Map(steps);
  const dropped = [...first];
  for (const node of dropped) left.delete(node);
  for (let node = dropped.pop(); node !== undefined; node = dropped.pop()) {
    for (const dependent of dependents.get(node) ?? []) if (left.delete(dependent)) dropped.push(dependent);
  }
  return left;
}

function isImpossible(side: Side, steps: Steps, step: Step): boolean {
  const needed = needs(side, steps, step);
  return needed === null || needed.some((node) => !steps.has(node));
}

/**
 * The steps that can all be done: each parent is there or comes, each name is free or freed, what vanishes is or becomes
 * empty, and no folder ends up in itself. The others need something that is blocked, held or in doubt, and wait.
 */
export function possibleSteps(side: Side, wanted: Steps): Steps {
  const impossible: NodeId[] = [];
  for (const step of wanted.values()) if (isImpossible(side, wanted, step)) impossible.push(step.node);
  let steps = without(side, wanted, impossible);

  const parentOf = (node: NodeId): NodeId | null => {
    const step = steps.get(node);
    return step !== undefined && step.type !== 'vanish' ? step.parent : (side.row(node)?.parent ?? null);
  };
  for (;;) {
    const moves: NodeId[] = [];
    for (const step of steps.values()) if (step.type === 'move' && step.kind === 'folder') moves.push(step.node);
    const cycle = findCycle(moves, parentOf, new Set([rootNode]));
    if (cycle === null) return steps;
    const moved = cycle.filter((node) => steps.get(node)?.type === 'move');
    if (moved.length === 0) return steps;
    steps = without(side, steps, moved);
  }
}
