import { type NodeId, rootNode } from '../../common/ids.ts';
import type { IndexReader, KnownNode } from '../../db/index-port.ts';
import type { PlanCounts, PlanLine, PlanPreview } from '../../model/status.ts';
import type { Trees } from '../../model/trees.ts';
import { countPlan } from '../../plan/count-plan.ts';
import { describeRule } from '../../plan/describe-rule.ts';
import type { Plan, PlannedOperation } from '../../plan/plan.ts';
import type { CycleContext } from '../cycle-context.ts';
import { lastPath, placePath } from '../history/last-path.ts';
import { localPath } from '../local-path.ts';
import { newParts } from '../loop/new-parts.ts';
import { blockedNow, planNow } from '../loop/plan-now.ts';
import { type RememberedTrees, rememberedTrees } from '../loop/remembered-trees.ts';

/**
 * What the next cycle would do, from the trees as they were seen last. Counts are of nodes; a node that is moved and
 * edited counts for both. Bytes are those of whole files: what delta and dedup save shows only when they are sent.
 * `partSize`: new nodes that are planned at a time, so that very many need no more memory than a few.
 */
export function preview(
  context: CycleContext,
  { verbose, partSize = context.newNodesInPlan }: { readonly verbose: boolean; readonly partSize?: number },
): PlanPreview {
  const { read } = context.local.index;
  const counter = planCounter();
  const lines: Record<PlanLine['direction'], PlanLine[]> = { settle: [], up: [], down: [], held: [] };
  for (const { plan, trees } of plannedParts(context, partSize)) {
    counter.add(plan, trees);
    if (!verbose) continue;
    for (const [direction, operations] of operationsOf(plan)) {
      for (const op of operations) if (!isBookkeeping(op)) lines[direction].push(lineOf(read, direction, op));
    }
  }
  return { counts: counter.counts(), lines: [...lines.settle, ...lines.up, ...lines.down, ...lines.held] };
}

interface Part {
  readonly plan: Plan;
  /** The plan was made of these. */
  readonly trees: RememberedTrees;
}

/**
 * The plan of all that diverges, in parts. Everything that has a past is in each, for what is new may stand on it, and so
 * are the folders of what is new, without which it would wait for them; but no operation is given twice: what is new counts
 * in its own part, and all else in the first that names it.
 */
function* plannedParts(context: CycleContext, partSize: number): Generator<Part> {
  const { read } = context.local.index;
  const based = [...read.divergedRows('based')];
  const isBlocked = blockedNow(context);
  // So that planning the rest again takes at most as long as planning what is new.
  const size = Math.max(partSize, based.length);
  const given = new Set<string>();
  const part = (fresh: readonly KnownNode[]): Part => {
    const known = [...based, ...fresh];
    const trees = rememberedTrees(read, known);
    const own = new Set(fresh.map(({ id }) => id));
    const isIn = ({ type, node }: PlannedOperation): boolean =>
      own.has(node) || (!isNew(trees, node) && given.size < given.add(`${type} ${node}`).size);
    const nodes = new Set([...known.map(({ id }) => id), ...withFolders(trees, own)]);
    const plan = planNow(context, trees, isBlocked, nodes);
    return {
      plan: {
        settle: plan.settle.filter(isIn),
        up: plan.up.filter(isIn),
        down: plan.down.filter(isIn),
        held: plan.held.map((held) => ({ ...held, operations: held.operations.filter(isIn) })),
      },
      trees,
    };
  };
  for (const fresh of newParts(read, size)) yield part(fresh);
}

/** It is on one side at least, and never was agreed on: it is in a part of its own. */
const isNew = (trees: Trees, node: NodeId): boolean =>
  trees.synced(node) === null && (trees.local(node) !== null || trees.remote(node) !== null);

/** The nodes, what has the place of one of them on the other side, and all folders above them. */
function withFolders(trees: Trees, nodes: Iterable<NodeId>): Set<NodeId> {
  const all = new Set<NodeId>();
  const { local: here, remote: there } = trees;
  /** What is on the other side at the place of the folder or file `node` of this side. */
  const opposite = (node: NodeId, isHere: boolean): NodeId | null => {
    const [own, other] = isHere ? [here, there] : [there, here];
    const names: string[] = [];
    let at = node;
    while (at !== rootNode && other(at) === null) {
      const row = own(at);
      if (row === null) return null;
      names.push(row.name);
      at = row.parent;
    }
    let found: NodeId | null = at;
    for (const name of names.reverse()) {
      if (found === null) return null;
      found = (isHere ? trees.remoteByName(found, name) : trees.localByName(found, name))?.id ?? null;
    }
    return found;
  };
  const climbs = [here, there].map((side) => ({ side, seen: new Set<NodeId>([rootNode]) }));
  const add = (node: NodeId): void => {
    for (const { side, seen } of climbs) {
      for (let at: NodeId | undefined = node; at !== undefined && !seen.has(at); at = side(at)?.parent) {
        seen.add(at);
        all.add(at);
      }
    }
  };
  for (const node of nodes) {
    add(node);
    const other = opposite(node, here(node) !== null);
    if (other !== null) add(other);
  }
  return all;
}

function planCounter(): { add(plan: Plan, trees: Trees): void; counts(): PlanCounts } {
  const sums = { up: 0, down: 0, moves: 0, deletes: 0, conflicts: 0, held: 0, bytesUp: 0, bytesDown: 0 };
  return {
    add(plan, trees) {
      const [up, down, moves] = [new Set<NodeId>(), new Set<NodeId>(), new Set<NodeId>()];
      const { deletesUp, deletesDown, conflicts, held } = countPlan(plan);
      sums.deletes += deletesUp + deletesDown;
      sums.conflicts += conflicts;
      sums.held += held;
      for (const op of plan.up) {
        if (op.type === 'up-place') moves.add(op.node);
        else if (op.type !== 'up-delete') up.add(op.node);
        if (op.type === 'up-create-file' || op.type === 'up-revise') sums.bytesUp += trees.local(op.node)?.size ?? 0;
      }
      for (const op of plan.down) {
        if (op.type === 'down-place') moves.add(op.node);
        else if (op.type === 'down-create-folder' || op.type === 'down-create-file' || op.type === 'down-revise')
          down.add(op.node);
        if (op.type === 'down-create-file' || op.type === 'down-revise' || op.type === 'down-conflict')
          sums.bytesDown += trees.remote(op.node)?.size ?? 0;
      }
      sums.up += up.size;
      sums.down += down.size;
      sums.moves += moves.size;
    },
    counts: () => sums,
  };
}

const operationsOf = (plan: Plan): [PlanLine['direction'], readonly PlannedOperation[]][] => [
  ['settle', plan.settle],
  ['up', plan.up],
  ['down', plan.down],
  ['held', plan.held.flatMap(({ operations }) => operations)],
];

/** That two are the same is no step of its own for a person: what it leads to says it, at the same place. */
const isBookkeeping = ({ type }: PlannedOperation): boolean => type === 'adopt';

const lineOf = (read: IndexReader, direction: PlanLine['direction'], op: PlannedOperation): PlanLine => ({
  direction,
  operation: op.type.replace(/^(?:up|down)-/, ''),
  path: pathOf(read, op),
  rule: describeRule(op.rule),
});

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
