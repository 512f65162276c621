import { must } from '../common/errors.ts';
import { type NodeId, rootNode } from '../common/ids.ts';
import { rulesFileName } from '../common/name.ts';
import { localKey } from '../model/local-name-rules.ts';
import type { LocalNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';
import { conflictName } from './conflict-name.ts';
import type { PlanContext } from './context.ts';
import { orderSteps } from './order-steps.ts';
import type { DownOperation } from './plan.ts';
import { possibleSteps } from './possible-steps.ts';
import { localSide } from './side.ts';
import type { Slots } from './slots.ts';
import type { Appear, Step } from './step.ts';
import type { Verdict, Verdicts } from './verdict.ts';
import { wantedSteps } from './wanted-steps.ts';

/** Rules go last of all in a folder that goes: while it stays for whatever reason, they say what of it nobody else is to have. */
function vanish({ node, kind, local }: Verdict, trees: Trees): Step {
  const isOfGoing = local?.name === rulesFileName && local.parent !== rootNode && trees.remote(local.parent) === null;
  return isOfGoing ? { type: 'vanish', node, kind, with: local.parent } : { type: 'vanish', node, kind };
}

function stepDown(verdict: Verdict, trees: Trees): Step | null {
  const { node, kind, local, localName } = verdict;
  if (verdict.fate === 'delete-down') return vanish(verdict, trees);
  if (verdict.fate === 'set-aside') {
    return local === null ? null : { type: 'move', node, kind, parent: local.parent, name: localName };
  }
  if (verdict.fate !== 'live' || verdict.placeFrom !== 'remote') return null;
  return { type: local === null ? 'appear' : 'move', node, kind, parent: verdict.parent, name: localName };
}

function create(verdict: Verdict, { node, parent, name: localName }: Appear): DownOperation {
  const { name, rule } = verdict;
  const revision = verdict.remote?.revision ?? null;
  return revision === null
    ? { type: 'down-create-folder', node, parent, name, localName, rule }
    : { type: 'down-create-file', node, parent, name, localName, revision, rule };
}

/** The operations that make the local folder what was decided, in an order in which each finds what it needs. */
export function planDown(
  trees: Trees,
  verdicts: Verdicts,
  held: ReadonlySet<NodeId>,
  claims: Slots,
  context: PlanContext,
): readonly DownOperation[] {
  const side = localSide(trees, context.nameRules);
  const operations: DownOperation[] = [];

  const copyName = (verdict: Verdict, local: LocalNode, parent: NodeId): string => {
    const isTaken = (name: string): boolean =>
      claims.has(parent, localKey(name, context.nameRules)) ||
      trees.remoteByName(parent, name) !== null ||
      trees.localByName(parent, name) !== null;
    const name = conflictName(verdict.name, context.deviceName, local.mtimeUs, isTaken, context.nameRules);
    claims.add(parent, localKey(name, context.nameRules));
    return name;
  };

  const revise = (verdict: Verdict, parent: NodeId): void => {
    const { node, content, local } = verdict;
    if (local === null) return;
    if (content.type === 'down') {
      operations.push({ type: 'down-revise', node, revision: content.revision, rule: content.rule });
    } else if (content.type === 'conflict') {
      const { revision, rule } = content;
      operations.push({ type: 'down-conflict', node, revision, copyName: copyName(verdict, local, parent), rule });
    }
  };

  const steps = possibleSteps(
    side,
    wantedSteps(verdicts, held, (verdict) => stepDown(verdict, trees)),
  );
  for (const verdict of verdicts.values()) {
    if (verdict.local !== null && !steps.has(verdict.node)) revise(verdict, verdict.local.parent);
  }
  for (const ordered of orderSteps(side, steps)) {
    if (ordered.type === 'park') {
      operations.push({ type: 'down-park', node: ordered.move.node, rule: 'swap-by-way-of-a-temporary-name' });
      continue;
    }
    const { step } = ordered;
    const { node } = step;
    const verdict = must(verdicts.get(node));
    const { rule } = verdict;
    if (step.type === 'vanish') {
      operations.push({ type: 'down-delete', node, rule });
    } else if (step.type === 'appear') {
      operations.push(create(verdict, step));
    } else {
      const { parent, name: localName } = step;
      if (verdict.fate === 'set-aside') operations.push({ type: 'down-set-aside', node, localName, rule });
      else operations.push({ type: 'down-place', node, parent, name: verdict.name, localName, rule });
      revise(verdict, parent);
    }
  }
  return operations;
}
