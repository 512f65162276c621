import { type NodeId, rootNode } from '../../common/ids.ts';
import { rulesFileName } from '../../common/name.ts';
import type { Trees } from '../../model/trees.ts';
import type { Plan } from '../../plan/plan.ts';

/**
 * The ignore rules of the vault that this device does not have as they are there, of all folders from which this plan, or what
 * it sets aside, sends something: what they leave out must not be sent before they are here.
 */
export function rulesToCome({ settle, up, down }: Plan, trees: Trees): ReadonlySet<NodeId> {
  const rules = new Set<NodeId>();
  const seen = new Set<NodeId>();
  const adopted = new Map(settle.flatMap((op) => (op.type === 'adopt' ? [[op.node, op.as] as const] : [])));
  const climb = (folder: NodeId): void => {
    for (let at = adopted.get(folder) ?? folder; !seen.has(at); ) {
      seen.add(at);
      const found = trees.remoteByName(at, rulesFileName);
      if (found !== null && isNews(trees, found.id)) rules.add(found.id);
      if (at === rootNode) return;
      const above = (trees.remote(at) ?? trees.local(at))?.parent ?? rootNode;
      at = adopted.get(above) ?? above;
    }
  };
  for (const op of up) {
    if (op.type === 'up-delete') continue;
    if (op.type !== 'up-revise') climb(op.parent);
    else climb((trees.remote(op.node) ?? trees.local(op.node))?.parent ?? rootNode);
  }
  for (const op of down) {
    if (op.type === 'down-set-aside' || op.type === 'down-conflict') climb(trees.local(op.node)?.parent ?? rootNode);
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
  const settle = plan.settle.some(
    (op) =>
      rules.has(op.node) || (op.type === 'adopt' && rules.has(op.as)) || (op.type === 'compare' && rules.has(op.with)),
  );
  const down = plan.down.filter(
    (op) =>
      rules.has(op.node) ||
      // Other rules that are here stand where these are to come.
      (op.type === 'down-set-aside' && trees.local(op.node)?.name === rulesFileName),
  );
  return settle || down.length > 0 ? { ...plan, down, up: [] } : null;
}

/** Whether this plan changes which rules there are in the folder. */
export const changesRules = (plan: Plan, trees: Pick<Trees, 'local'>): boolean =>
  plan.down.some(
    (op) => ('localName' in op && op.localName === rulesFileName) || trees.local(op.node)?.name === rulesFileName,
  );
