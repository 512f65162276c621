import { type NodeId, rootNode } from '../../common/ids.ts';
import { rulesFileName } from '../../common/name.ts';
import type { Trees } from '../../model/trees.ts';
import type { DownOperation, Plan } from '../../plan/plan.ts';

type ContentOperation = Extract<DownOperation, { readonly revision: unknown }>;

/**
 * The ignore rules of the vault that this device does not have as they are there, of all folders into which this plan sends
 * something: what they leave out must not be sent before they are here.
 */
export function rulesToCome({ up }: Pick<Plan, 'up'>, trees: Trees): ReadonlySet<NodeId> {
  const rules = new Set<NodeId>();
  const seen = new Set<NodeId>();
  const climb = (folder: NodeId): void => {
    for (let at = folder; !seen.has(at); ) {
      seen.add(at);
      const found = trees.remoteByName(at, rulesFileName);
      if (found !== null && isNews(trees, found.id)) rules.add(found.id);
      if (at === rootNode) return;
      at = (trees.remote(at) ?? trees.local(at))?.parent ?? rootNode;
    }
  };
  for (const op of up) {
    if (op.type === 'up-delete') continue;
    if (op.type !== 'up-revise') climb(op.parent);
    else climb((trees.remote(op.node) ?? trees.local(op.node))?.parent ?? rootNode);
  }
  return rules;
}

/** The vault changed it since both sides agreed. */
function isNews(trees: Trees, node: NodeId): boolean {
  const there = trees.remote(node);
  const base = trees.synced(node);
  if (there === null || there.kind !== 'file') return false;
  return base === null || base.revision !== there.revision || base.parent !== there.parent || base.name !== there.name;
}

/** Of a plan that has them, what it takes to have these rules here. Null: there is nothing to be done about them now. */
export function rulesFirst(plan: Plan, trees: Trees, rules: ReadonlySet<NodeId>): Plan | null {
  const isOf = (op: Plan['settle'][number]): boolean =>
    rules.has(op.node) || (op.type === 'adopt' && rules.has(op.as)) || (op.type === 'compare' && rules.has(op.with));
  const isContent = (op: DownOperation): op is ContentOperation => 'revision' in op;
  const last = plan.down.findLastIndex((op) => op.type !== 'down-delete');
  const down = plan.down.slice(0, last + 1).filter((op) => !isContent(op) || rules.has(op.node));
  if (!plan.settle.some(isOf) && !down.some((op) => rules.has(op.node) || isInTheWay(trees, op))) return null;
  return { ...plan, down, up: [] };
}

/** Other rules that are here stand where these are to come. */
const isInTheWay = (trees: Trees, op: DownOperation): boolean =>
  op.type === 'down-set-aside' && trees.local(op.node)?.name === rulesFileName;

/** Whether this plan changes which rules there are in the folder. */
export const changesRules = (plan: Plan, trees: Pick<Trees, 'local'>): boolean =>
  plan.down.some(
    (op) => ('localName' in op && op.localName === rulesFileName) || trees.local(op.node)?.name === rulesFileName,
  );
