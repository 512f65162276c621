import type { NodeId } from '../common/ids.ts';
import type { Trees } from '../model/trees.ts';
import { adoptedTrees } from './adopted-trees.ts';
import type { PlanContext } from './context.ts';
import { heldDeletes } from './guard.ts';
import { judge } from './judge.ts';
import { movedAndDeleted, treesWithoutBase } from './moved-and-deleted.ts';
import { pairCreates } from './pair-creates.ts';
import type { HeldDeletes, Plan, PlannedOperation, SettleOperation } from './plan.ts';
import { planDown } from './plan-down.ts';
import { planSettle } from './plan-settle.ts';
import { planUp } from './plan-up.ts';
import { keepAncestors } from './resolve-ancestors.ts';
import { resolveCycles } from './resolve-cycle.ts';
import { resolveLocalNames } from './resolve-local-name.ts';
import { resolveNames } from './resolve-name.ts';
import { makeSlots } from './slots.ts';
import type { Verdict } from './verdict.ts';

const sorted = (nodes: Iterable<NodeId>): readonly NodeId[] => [...new Set(nodes)].sort();

/** Each node's own verdict, lowest id first, so that no later choice depends on the order in which nodes were given. */
function judgeAll(
  trees: Trees,
  nodes: readonly NodeId[],
  isLeftAlone: (node: NodeId) => boolean,
): Map<NodeId, Verdict> {
  const verdicts = new Map<NodeId, Verdict>();
  for (const node of nodes) {
    const verdict = isLeftAlone(node) ? null : judge(trees, node);
    if (verdict !== null) verdicts.set(node, verdict);
  }
  return verdicts;
}

/** What went with a folder that moved waits with the folder: judged alone, it would be deleted with nothing to keep it. */
function withWaiting(trees: Trees, nodes: readonly NodeId[], context: PlanContext): PlanContext {
  const { isBlocked } = context;
  const waiting = movedAndDeleted(trees, nodes, (node) => !isBlocked(node));
  return waiting.size === 0 ? context : { ...context, isBlocked: (node) => isBlocked(node) || waiting.has(node) };
}

const heldOperations = (
  direction: HeldDeletes['direction'],
  held: ReadonlySet<NodeId>,
  operation: (node: NodeId) => PlannedOperation,
): readonly HeldDeletes[] => (held.size === 0 ? [] : [{ direction, operations: [...held].map(operation) }]);

/**
 * What to do so that the local folder and the vault become the same, from the rows of the nodes where they are not.
 * Pure, total and deterministic; see DESIGN.md for the rules. `diverged` holds every node for which `isDiverged` is true,
 * in any order; others do no harm. Run `settle` first, then `up` and `down` each in order; then observe and plan again.
 * Never throws for trees that are trees; costs as much as there are diverged nodes and folders above them.
 */
export function makePlan(trees: Trees, diverged: Iterable<NodeId>, given: PlanContext): Plan {
  const nodes = sorted(diverged);
  const context = withWaiting(trees, nodes, given);
  const kept = movedAndDeleted(trees, nodes, context.isBlocked);
  const based = treesWithoutBase(trees, kept);
  const pairs = pairCreates(based, nodes, context);
  const view = adoptedTrees(based, pairs.adopted);
  const verdicts = judgeAll(
    view,
    pairs.adopted.size === 0 ? nodes : sorted([...nodes, ...pairs.adopted.values()]),
    (node) => pairs.compared.has(node) || context.isBlocked(node),
  );

  resolveCycles(view, verdicts);
  keepAncestors(verdicts);
  const waiting = [...judgeAll(view, nodes.filter(given.isBlocked), () => false).values()];
  const heldUp = heldDeletes(verdicts, 'delete-up', context.guard, waiting);
  const heldDown = heldDeletes(verdicts, 'delete-down', context.guard, waiting);
  const claims = makeSlots();
  resolveNames(view, verdicts, claims, context);
  resolveLocalNames(view, verdicts, claims, context);

  return {
    settle: [
      ...[...kept].map((node): SettleOperation => ({ type: 'forget', node, rule: 'move-keeps-content' })),
      ...pairs.operations,
      ...planSettle(verdicts),
    ],
    up: planUp(view, verdicts, heldUp),
    down: planDown(view, verdicts, heldDown, claims, context),
    held: [
      ...heldOperations('up', heldUp, (node) => ({ type: 'up-delete', node, rule: 'deleted-here', nodes: 1 })),
      ...heldOperations('down', heldDown, (node) => ({ type: 'down-delete', node, rule: 'deleted-there' })),
    ],
  };
}
