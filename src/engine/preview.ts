import type { IndexReader } from '../db/index-port.ts';
import type { PlanCounts, PlanLine, PlanPreview } from '../model/status.ts';
import { countPlan } from '../plan/count-plan.ts';
import { describeRule } from '../plan/describe-rule.ts';
import type { Plan, PlannedOperation } from '../plan/plan.ts';
import { planNow } from './cycle.ts';
import type { CycleContext } from './cycle-context.ts';
import { lastPath, placePath } from './last-path.ts';
import { localPath } from './local-path.ts';

/**
 * What the next cycle would do, from the trees as they were seen last. Counts are of nodes; a node that is moved and
 * edited counts for both. Bytes are those of whole files: what delta and dedup save shows only when they are sent.
 */
export function preview(context: CycleContext, { verbose }: { readonly verbose: boolean }): PlanPreview {
  const { read } = context.local.index;
  const plan = planNow(context);
  return { counts: countsOf(read, plan), lines: verbose ? linesOf(read, plan) : [] };
}

function countsOf(read: IndexReader, plan: Plan): PlanCounts {
  const { deletesUp, deletesDown, conflicts, held } = countPlan(plan);
  const up = new Set<string>();
  const down = new Set<string>();
  const moves = new Set<string>();
  let bytesUp = 0;
  let bytesDown = 0;
  for (const op of plan.up) {
    if (op.type === 'up-place') moves.add(op.node);
    else if (op.type !== 'up-delete') up.add(op.node);
    if (op.type === 'up-create-file' || op.type === 'up-revise') bytesUp += read.local(op.node)?.size ?? 0;
  }
  for (const op of plan.down) {
    if (op.type === 'down-place') moves.add(op.node);
    else if (op.type === 'down-create-folder' || op.type === 'down-create-file' || op.type === 'down-revise')
      down.add(op.node);
    if (op.type === 'down-create-file' || op.type === 'down-revise' || op.type === 'down-conflict')
      bytesDown += read.remote(op.node)?.size ?? 0;
  }
  return {
    up: up.size,
    down: down.size,
    deletes: deletesUp + deletesDown,
    moves: moves.size,
    conflicts,
    held,
    bytesUp,
    bytesDown,
  };
}

function linesOf(read: IndexReader, plan: Plan): PlanLine[] {
  const lines = (direction: PlanLine['direction'], operations: readonly PlannedOperation[]): PlanLine[] =>
    operations.map((op) => ({
      direction,
      operation: op.type.replace(/^(?:up|down)-/, ''),
      path: pathOf(read, op),
      rule: describeRule(op.rule),
    }));
  return [
    ...lines('settle', plan.settle),
    ...lines('up', plan.up),
    ...lines('down', plan.down),
    ...plan.held.flatMap((held) => lines('held', held.operations)),
  ];
}

/** Where the node is or, for what changes its place, where from and where to. */
function pathOf(read: IndexReader, op: PlannedOperation): string {
  const onDisk = localPath(read, op.node);
  const inVault = read.vaultRow(op.node) === null ? null : lastPath(read, op.node);
  switch (op.type) {
    case 'up-place':
      return `${inVault ?? '…'} → ${onDisk ?? placePath(read, op.parent, op.name)}`;
    case 'down-place':
      return `${onDisk ?? '…'} → ${localPlace(read, op.parent, op.localName)}`;
    case 'down-create-file':
    case 'down-create-folder':
      return localPlace(read, op.parent, op.localName);
    case 'down-conflict':
      return `${onDisk ?? inVault ?? '…'} → ${op.copyName}`;
    case 'down-set-aside':
      return `${onDisk ?? inVault ?? '…'} → ${op.localName}`;
    default:
      return onDisk ?? inVault ?? '…';
  }
}

/** A folder that is not on disk yet has its place in the vault. */
function localPlace(read: IndexReader, parent: PlannedOperation['node'], name: string): string {
  const folder = localPath(read, parent) ?? lastPath(read, parent) ?? '…';
  return folder === '' ? name : `${folder}/${name}`;
}
