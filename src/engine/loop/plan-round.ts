import { must } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import type { KnownNode } from '../../db/index-port.ts';
import type { Plan } from '../../plan/plan.ts';
import type { CycleContext } from '../cycle-context.ts';
import type { PlannedContents } from '../down/down-context.ts';
import type { Look } from '../observe/restless.ts';
import type { PlannedRows } from '../up/prepare-contents.ts';
import { newParts } from './new-parts.ts';
import { blockedNow, planNow } from './plan-now.ts';
import { type RememberedTrees, rememberedTrees } from './remembered-trees.ts';
import { changesRules, rulesFirst, rulesToCome } from './rules-first.ts';

/** A plan with what it read: to read that again, node by node, takes as long as the plan. */
export interface Round extends PlannedRows, PlannedContents {
  readonly plan: Plan;
  /** What is not in it is not to be done now; else it is a beginning. */
  readonly isWhole: boolean;
  /** Other ignore rules may be here afterwards. */
  readonly changesRules: boolean;
  /** What failed, and was not to be tried again when the plan was made. */
  readonly isWaiting: (node: NodeId) => boolean;
}

/**
 * The plan of one round: everything that has a past, and a part of what is new, so that a first sync of very many files
 * needs no more memory than one of a few: a plan takes some kilobytes for each node. A delete that a new node left for
 * later would contradict fails its precondition and is planned again.
 */
export function planRound(context: CycleContext, look: Look): Round {
  const { read } = context.local.index;
  const isWaiting = blockedNow(context);
  const roundOf = (known: readonly KnownNode[], isWhole = false): Round & { readonly trees: RememberedTrees } => {
    const trees = rememberedTrees(read, known);
    const isBlocked = (node: NodeId): boolean => isWaiting(node) || look.isRestless(node, trees);
    const plan = planNow(
      context,
      trees,
      isBlocked,
      known.map(({ id }) => id),
    );
    const [localVersion, vaultVersion] = [read.localVersion(), read.vaultVersion()];
    return {
      plan,
      isWhole,
      trees,
      isWaiting,
      changesRules: changesRules(plan, trees),
      localRow: (node) => (read.localVersion() === localVersion ? trees.localRow(node) : read.localRow(node)),
      remote: (node) => (read.vaultVersion() === vaultVersion ? trees.remote(node) : read.remote(node)),
      wasInVault: trees.isInVault,
    };
  };
  const based = [...read.divergedRows('based')];
  /** What is to come of these rules alone; null if nothing can be done about them now. */
  const rulesRound = (rules: ReadonlySet<NodeId>): Round | null => {
    const known = new Set(based.map(({ id }) => id));
    const round = roundOf([
      ...based,
      ...[...rules].filter((node) => !known.has(node)).map((node) => read.rowsOf(node)),
    ]);
    const plan = rulesFirst(round.plan, round.trees, rules);
    return plan === null ? null : { ...round, plan };
  };

  let round: ReturnType<typeof roundOf> | null = null;
  const { newNodesInPlan } = context;
  for (const fresh of newParts(read, newNodesInPlan)) {
    round = roundOf([...based, ...fresh], fresh.length < newNodesInPlan);
    if (!isEmpty(round.plan)) break;
  }
  const whole = must(round);
  const rules = rulesToCome(whole.plan, whole.trees);
  return rules.size === 0 ? whole : (rulesRound(rules) ?? whole);
}

export const isEmpty = (plan: Plan): boolean => plan.settle.length + plan.up.length + plan.down.length === 0;
