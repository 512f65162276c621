import type { NodeId } from '../../common/ids.ts';
import { remembered } from '../../common/remembered.ts';
import type { Trees } from '../../model/trees.ts';
import { defaultGuard } from '../../plan/context.ts';
import { makePlan } from '../../plan/make-plan.ts';
import type { Plan } from '../../plan/plan.ts';
import { plannedTogether } from '../../plan/planned-together.ts';
import type { CycleContext } from '../cycle-context.ts';
import { ignoredNodes } from '../observe/ignored-nodes.ts';
import { isDue } from './block-failed.ts';
import { heldBefore } from './held-deletes.ts';
import type { RememberedTrees } from './remembered-trees.ts';

/** The plan for these nodes alone, by what the index has now: `trees` are those of this turn. */
export function planNow(
  context: CycleContext,
  trees: RememberedTrees,
  isBlocked: (node: NodeId) => boolean,
  nodes: Iterable<NodeId>,
): Plan {
  const { index, traits, ignore } = context.local;
  const read = index.read;
  const planned = plannedTogether(trees, nodes, traits.nameRules);
  const isIgnored = ignoredNodes(trees, ignore);
  const counts = read.counts();
  return makePlan(trees, planned, {
    deviceName: context.deviceName,
    nameRules: traits.nameRules,
    isBlocked: remembered((node) => isBlocked(node) || isIgnored(node) || isUnwanted(context, trees, node)),
    guard: {
      ...defaultGuard,
      syncedCount: counts.syncedFiles + counts.syncedFolders,
      approvedUp: (node) => read.isApproved('up', node),
      approvedDown: (node) => read.isApproved('down', node),
      heldUp: heldBefore(context.issues, 'up'),
      heldDown: heldBefore(context.issues, 'down'),
      recentUp: context.recentDeletes.count('up'),
      recentDown: context.recentDeletes.count('down'),
    },
  });
}

/** In the vault it is in something deselected, wherever that folder still is on the disk here. */
const isUnwanted = ({ selection }: CycleContext, trees: Trees, node: NodeId): boolean =>
  trees.local(node) === null && selection.deselectedAbove(trees, node) !== null;

/** What failed and is not to be tried again yet. */
export function blockedNow({ local }: CycleContext): (node: NodeId) => boolean {
  const now = local.clock.now();
  const waiting = new Set<NodeId>();
  for (const row of local.index.read.blockedNodes()) if (!isDue(row, now)) waiting.add(row.node);
  return (node) => waiting.has(node);
}
