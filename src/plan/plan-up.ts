import { must } from '../common/errors.ts';
import { type NodeId, rootNode } from '../common/ids.ts';
import type { Trees } from '../model/trees.ts';
import { type Ordered, orderSteps } from './order-steps.ts';
import type { UpOperation } from './plan.ts';
import { possibleSteps } from './possible-steps.ts';
import { remoteSide, type Side } from './side.ts';
import type { Appear, Step, Steps } from './step.ts';
import { temporaryName } from './temporary-name.ts';
import type { Verdict, Verdicts } from './verdict.ts';
import { wantedSteps } from './wanted-steps.ts';

function stepUp(verdict: Verdict): Step | null {
  const { node, kind, parent, name } = verdict;
  if (verdict.fate === 'delete-up') return { type: 'vanish', node, kind };
  if (verdict.fate !== 'live' || verdict.placeFrom !== 'local') return null;
  return { type: verdict.remote === null ? 'appear' : 'move', node, kind, parent, name };
}

function create(verdict: Verdict, { node, parent, name }: Appear): UpOperation {
  const revision = verdict.local?.revision ?? null;
  return revision === null
    ? { type: 'up-create-folder', node, parent, name, rule: verdict.rule }
    : { type: 'up-create-file', node, parent, name, revision, rule: verdict.rule };
}

/** One operation for the topmost node of what goes: the log deletes all that is below. */
function collapse(operations: readonly UpOperation[], trees: Trees): readonly UpOperation[] {
  const going = new Set<NodeId>();
  for (const operation of operations) if (operation.type === 'up-delete') going.add(operation.node);
  const below = new Map<NodeId, number>();
  return operations.flatMap((operation): UpOperation[] => {
    if (operation.type !== 'up-delete') return [operation];
    const nodes = 1 + (below.get(operation.node) ?? 0);
    const parent = trees.remote(operation.node)?.parent;
    if (parent === undefined || !going.has(parent)) return [{ ...operation, nodes }];
    below.set(parent, (below.get(parent) ?? 0) + nodes);
    return [];
  });
}

/**
 * Nobody waits under a temporary name in the vault whose content both sides changed: if the process dies while that is
 * settled here, the node has no base any more, and nothing tells what its name was to be. First the content, then the names.
 */
function orderUp(
  side: Side,
  wanted: Steps,
  verdicts: Verdicts,
): { readonly steps: Steps; readonly order: readonly Ordered[] } {
  const left = new Map(wanted);
  for (;;) {
    const steps = possibleSteps(side, left);
    const order = orderSteps(side, steps);
    const early = order.filter(
      (each) => each.type === 'park' && verdicts.get(each.move.node)?.content.type === 'conflict',
    );
    if (early.length === 0) return { steps, order };
    for (const each of early) if (each.type === 'park') left.delete(each.move.node);
  }
}

/** The operations that make the vault what was decided, in an order in which none is void. */
export function planUp(trees: Trees, verdicts: Verdicts, held: ReadonlySet<NodeId>): readonly UpOperation[] {
  const side = remoteSide(trees);
  const operations: UpOperation[] = [];
  const revise = ({ node, content }: Verdict): void => {
    if (content.type !== 'up') return;
    operations.push({ type: 'up-revise', node, revision: content.revision, rule: content.rule });
  };
  const { steps, order } = orderUp(side, wantedSteps(verdicts, held, stepUp), verdicts);
  for (const verdict of verdicts.values()) if (verdict.remote !== null && !steps.has(verdict.node)) revise(verdict);
  for (const ordered of order) {
    if (ordered.type === 'park') {
      const name = temporaryName(ordered.move.node, (wish) => side.occupant(rootNode, wish) !== null);
      operations.push({
        type: 'up-place',
        node: ordered.move.node,
        parent: rootNode,
        name,
        rule: 'swap-by-way-of-a-temporary-name',
      });
      continue;
    }
    const { step } = ordered;
    const { node } = step;
    const verdict = must(verdicts.get(node));
    const { rule } = verdict;
    if (step.type === 'vanish') {
      operations.push({ type: 'up-delete', node, rule, nodes: 1 });
    } else if (step.type === 'move') {
      operations.push({ type: 'up-place', node, parent: step.parent, name: step.name, rule });
      revise(verdict);
    } else if (trees.isTombstone(node)) {
      operations.push({ type: 'up-restore', node, parent: step.parent, name: step.name, rule });
      revise(verdict);
    } else {
      operations.push(create(verdict, step));
    }
  }
  return collapse(operations, trees);
}
