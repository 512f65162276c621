import type { NodeId } from '../../../src/common/ids.ts';
import type { Plan, PlannedOperation } from '../../../src/plan/plan.ts';
import { applyPlan } from '../../fakes/apply-plan.ts';
import type { Contents } from '../../fakes/contents.ts';
import type { MemoryTrees } from '../../fakes/memory-trees.ts';
import { type Footprint, footprint, isIndependent } from './footprint.ts';

/** Another order of `items` in which those that depend on each other keep theirs. */
function reorder<Item>(items: readonly Item[], isFree: (a: Item, b: Item) => boolean, pick: () => number): Item[] {
  const left = [...items];
  const result: Item[] = [];
  while (left.length > 0) {
    const ready = left.filter((item, index) => left.slice(0, index).every((earlier) => isFree(earlier, item)));
    const next = ready[pick() % ready.length] as Item;
    result.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return result;
}

/** The plan in another order that keeps what depends on each other. Applies the plan to `trees` to find out. */
export function permutePlan(trees: MemoryTrees, plan: Plan, contents: Contents, pick: () => number): Plan {
  const footprints = new Map<PlannedOperation, Footprint>();
  const parked = new Set<NodeId>();
  applyPlan(trees, plan, contents, {
    onTurn: (operation) => {
      footprints.set(operation, footprint(trees, operation, parked));
      if (operation.type === 'down-park') parked.add(operation.node);
      if (operation.type === 'down-place') parked.delete(operation.node);
    },
  });
  const isFree = (a: PlannedOperation, b: PlannedOperation): boolean => {
    const [first, second] = [footprints.get(a), footprints.get(b)];
    return first !== undefined && second !== undefined && isIndependent(first, second);
  };
  return {
    settle: reorder(plan.settle, isFree, pick),
    up: reorder(plan.up, isFree, pick),
    down: reorder(plan.down, isFree, pick),
    held: plan.held,
  };
}

const isContent = ({ type }: PlannedOperation): boolean =>
  type === 'up-create-file' ||
  type === 'up-revise' ||
  type === 'down-create-file' ||
  type === 'down-revise' ||
  type === 'down-conflict';

/** The plan as the executors run it: structure first and in order, contents as they come, then the last deletes. */
export function asExecuted(plan: Plan, pick: () => number): Plan {
  const contentsLast = <Operation extends PlannedOperation>(operations: readonly Operation[]): Operation[] => {
    const contents = operations.filter(isContent);
    return [...operations.filter((operation) => !isContent(operation)), ...reorder(contents, () => true, pick)];
  };
  const last = plan.down.findLastIndex(({ type }) => type !== 'down-delete') + 1;
  return {
    ...plan,
    up: contentsLast(plan.up),
    down: [...contentsLast(plan.down.slice(0, last)), ...plan.down.slice(last)],
  };
}
