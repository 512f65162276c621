import { HoldfastError } from '../../common/errors.ts';
import { type NodeId, rootNode } from '../../common/ids.ts';
import { nameKey } from '../../common/name.ts';
import { parsePath } from '../../common/relative-path.ts';
import type { IndexReader } from '../../db/index-port.ts';
import type { Why } from '../../model/status.ts';
import { describeRule } from '../../plan/describe-rule.ts';
import { isDiverged } from '../../plan/diverged.ts';
import type { Plan, PlannedOperation } from '../../plan/plan.ts';
import type { CycleContext } from '../cycle-context.ts';
import { findDeleted } from '../history/find-deleted.ts';
import { lastPath } from '../history/last-path.ts';
import { localNodeAt, localPath, remoteNodeAt } from '../local-path.ts';
import { planNow } from '../loop/plan-now.ts';
import { rememberedTrees } from '../loop/remembered-trees.ts';

/**
 * Why the file or folder at `path` (in the folder here or in the vault, `/` between names) is as it is: what each of the
 * three trees says of it, and what is to be done by which rule. `asked`: which one of those that had this path; null: the
 * one that is there. `folderProblem`: what keeps the folder as a whole from being synced. Throws `missing` for what is nowhere.
 */
export async function explain(
  context: CycleContext,
  path: string,
  asked: NodeId | null = null,
  folderProblem: string | null = null,
): Promise<Why> {
  const { local } = context;
  const { read } = local.index;
  const there = findNode(read, path);
  const node = asked ?? there;
  if (node === rootNode)
    throw new HoldfastError('usage', 'The folder as a whole has no rule. Name a file or folder in it.');
  // What is said of a path is said of what is there.
  const isThere = node === there;
  const ignored = isThere ? await ignoredReason(context, path, node) : null;
  const issue = isThere ? read.issue(`unsynced:${path}`) : null;
  if (node === null) {
    const rule = issue?.message ?? ignored ?? (await notSeen(context, path));
    return {
      path,
      node: null,
      local: 'Not known here.',
      remote: 'Not in the vault.',
      synced: 'Never agreed.',
      rule,
      lastError: null,
      nextTry: null,
    };
  }
  const blocked = read.blocked(node);
  return {
    path: localPath(read, node) ?? lastPath(read, node) ?? path,
    node,
    local: describeLocal(read, node),
    remote: describeRemote(read, node),
    synced: describeSynced(read, node),
    rule:
      frozenReason(context) ??
      folderProblem ??
      issue?.message ??
      ignored ??
      restlessReason(context, node) ??
      plannedReason(context, node),
    lastError: blocked?.message ?? null,
    nextTry: blocked?.retryAt ?? null,
  };
}

/** By its place on disk, else in the vault, else by the place where it was deleted last. */
function findNode(read: IndexReader, path: string): NodeId | null {
  const parsed = parsePath(path);
  const found = (parsed === null ? null : localNodeAt(read, parsed)) ?? remoteNodeAt(read, path);
  if (found === 'root') return rootNode;
  return found?.id ?? findDeleted(read, path)[0]?.id ?? null;
}

const frozenReason = ({ log }: CycleContext): string | null =>
  log.position.frozen === null ? null : `Stopped for security, so nothing is done: ${log.position.frozen.message}`;

const restlessReason = ({ restless }: CycleContext, node: NodeId): string | null =>
  restless.has(node)
    ? 'It is being written at the moment. It is synced once it has been left alone for a while.'
    : null;

async function ignoredReason(
  { local, selection }: CycleContext,
  path: string,
  node: NodeId | null,
): Promise<string | null> {
  const parsed = parsePath(path);
  if (parsed === null) return null;
  const { read } = local.index;
  const row = node === null ? null : (read.local(node) ?? read.vaultRow(node));
  const kind = row?.kind ?? (await statOrNull(local.fs, parsed))?.kind;
  // Its folder in the vault may have another place here, where something of it has stayed.
  const isLeftOut = node !== null && read.local(node) === null && selection.deselectedAbove(read, node) !== null;
  if (isLeftOut || selection.isDeselectedPath(parsed))
    return 'It is not selected on this device: it stays as it is in the vault, and on the disk here if anything is there.';
  if (!local.ignore.isIgnored(parsed, kind === 'folder')) return null;
  return 'It is ignored, by a .holdfastignore file or as one of the files that are never synced: it stays as it is on both sides.';
}

async function notSeen({ local }: CycleContext, path: string): Promise<string> {
  const parsed = parsePath(path);
  const stat = parsed === null ? null : await statOrNull(local.fs, parsed);
  if (stat === null)
    throw new HoldfastError('missing', `There is no ${path} here or in the vault, and none was deleted there.`, {
      hint: 'If it was moved, `activity` tells where it is.',
    });
  return 'It is in the folder, but was not looked at yet.';
}

async function statOrNull(
  fs: CycleContext['local']['fs'],
  path: NonNullable<ReturnType<typeof parsePath>>,
): Promise<Awaited<ReturnType<typeof fs.stat>>> {
  try {
    return await fs.stat(path);
  } catch (error) {
    // A place that cannot be looked at can still be explained by what is known of it.
    if (error instanceof HoldfastError && error.kind === 'io') return null;
    throw error;
  }
}

const timeText = (us: number): string => {
  const date = new Date(us / 1000);
  return Number.isNaN(date.getTime()) ? 'an unknown time' : date.toISOString();
};

const contentText = (node: { readonly size: number; readonly mtimeUs: number; readonly revision: string | null }) =>
  `${node.size} bytes of ${timeText(node.mtimeUs)}, revision ${node.revision?.slice(0, 8) ?? 'unknown'}`;

function describeLocal(read: IndexReader, node: NodeId): string {
  const row = read.local(node);
  if (row === null) return 'Not in the folder here.';
  const path = localPath(read, node) ?? row.name;
  return row.kind === 'folder' ? `Folder ${path}.` : `File ${path}: ${contentText(row)}.`;
}

function describeRemote(read: IndexReader, node: NodeId): string {
  const row = read.vaultRow(node);
  if (row === null) return 'Not in the vault.';
  const path = lastPath(read, node) ?? row.name;
  const since = `change ${row.seq} of ${timeText(row.timeUs)}`;
  if (row.isDeleted) return `Deleted from ${path} by ${since}.`;
  return row.kind === 'folder'
    ? `Folder ${path}, placed there by ${since}.`
    : `File ${path}, placed there by ${since}: ${contentText(row)}.`;
}

function describeSynced(read: IndexReader, node: NodeId): string {
  const row = read.synced(node);
  if (row === null) return isGone(read, node) ? 'Both sides agree that it is gone.' : 'Never agreed.';
  const names = nameKey(row.name) === nameKey(row.localName) ? row.name : `${row.name} (here ${row.localName})`;
  return row.kind === 'folder'
    ? `Folder ${names}.`
    : `File ${names}, revision ${row.revision?.slice(0, 8) ?? 'unknown'}.`;
}

/** The vault knew it once; by now it is deleted there and is not here. */
const isGone = (read: IndexReader, node: NodeId): boolean =>
  read.local(node) === null && read.vaultRow(node)?.isDeleted === true;

const inStep = 'In step: there is nothing to do.';
/** The plan leaves out what has to come after something that it cannot do. */
const waiting =
  'It waits for another file or folder, which has its place or name, or has to come first, and cannot be synced now. See the issues.';

/** What the plan would do with it if nothing had failed. */
function plannedReason(context: CycleContext, node: NodeId): string {
  const { read } = context.local.index;
  // What has a past may stand in its way; what else is new has no say, and there may be very much of it.
  const plan = planNow(context, rememberedTrees(read), () => false, [...read.diverged('based'), node]);
  const held = plan.held.some(({ operations }) => operations.some((op) => op.node === node));
  if (held) return 'It was deleted together with much else; the delete waits for you to allow it. See the issues.';
  const rules = new Set(operationsFor(read, plan, node).map((op) => op.rule));
  if (rules.size > 0) return [...rules].map(describeRule).join(' ');
  const [local, remote, synced] = [read.local(node), read.remote(node), read.synced(node)];
  if (local === null && remote === null && synced === null) return describeRule('both-gone');
  return isDiverged(local, remote, synced) ? waiting : inStep;
}

function operationsFor(read: IndexReader, plan: Plan, node: NodeId): readonly PlannedOperation[] {
  const all: readonly PlannedOperation[] = [...plan.settle, ...plan.up, ...plan.down];
  const own = all.filter((op) => op.node === node);
  if (own.length > 0) return own;
  // A delete in the vault takes all that is below, under the name of the topmost folder.
  const above = new Set<NodeId>();
  for (let row = read.vaultRow(node); row !== null && !above.has(row.id); row = read.vaultRow(row.parent)) {
    above.add(row.id);
  }
  return plan.up.filter((op) => op.type === 'up-delete' && above.has(op.node));
}
