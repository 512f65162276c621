import { HoldfastError } from '../../common/errors.ts';
import type { NodeId, RevisionId } from '../../common/ids.ts';
import type { VaultRow } from '../../db/index-port.ts';
import { isRestorable } from '../../model/is-restorable.ts';
import { bareDraft, type Draft } from '../../vault/split-operations.ts';
import type { CycleContext } from '../cycle-context.ts';
import { remoteNodeAt } from '../local-path.ts';
import { nextStamp } from '../log/next-stamp.ts';
import { appendOperations } from '../up/append-operations.ts';
import { findDeleted, nothingToRestore } from './find-deleted.ts';
import { findNode } from './find-node.ts';
import { deletedTogether, planRestore } from './plan-restore.ts';
import { reviseBack } from './revise-back.ts';

/** What is to come back: deleted nodes, topmost first, or an older content of the first one, or both. */
interface Wanted {
  readonly rows: readonly VaultRow[];
  readonly revision: RevisionId | null;
}

/**
 * Brings back what was deleted at `path` (a folder with all that was deleted with it), or an older revision of a file, as a
 * new one. Without `revision`, a live file gets the one before its current one. `node` says which of those that had this
 * path is meant; without it, the live one or the one deleted last. Throws `missing`, `usage`, `conflict`.
 */
export async function restore(
  context: CycleContext,
  path: string,
  { revision, node = null }: { readonly revision: RevisionId | null; readonly node?: NodeId | null },
): Promise<{ readonly batch: string }> {
  const { local, log } = context;
  const { read } = local.index;
  const wanted = revision === null ? findLatest(context, path, node) : findRevision(read, path, revision);
  const [top] = wanted.rows;
  const back =
    top === undefined || wanted.revision === null ? null : await reviseBack(context, top.id, wanted.revision);
  const former = top?.revision ?? null;

  const makeDrafts = (): Draft[] => {
    const { maxLength } = local.traits.nameRules;
    const stamp = nextStamp(log, local.clock);
    const drafts = planRestore(read, wanted.rows, { stamp, maxLength }).map(bareDraft);
    // Another device's newer content is not what the person saw when asking for the older one.
    const isAsSeen = top !== undefined && read.vaultRow(top.id)?.revision === former;
    return back !== null && isAsSeen ? [...drafts, back.draft] : drafts;
  };
  return appendOperations(context, makeDrafts, (write, applied) => {
    if (back !== null && applied.some((each) => each.operation === back.draft.operation)) back.remember(write);
  });
}

function findLatest({ local }: CycleContext, path: string, node: NodeId | null): Wanted {
  const { read } = local.index;
  const found = findNode(read, path, node, isRestorable);
  if (found === 'root') throw new HoldfastError('usage', 'The whole vault cannot be restored at once.');
  const row = found === null ? null : read.vaultRow(found.id);
  if (row === null || (row.isDeleted && !isRestorable(row))) throw nothingToRestore(path);
  if (row.isDeleted) return { rows: deletedTogether(read, row), revision: null };
  if (row.kind === 'folder') {
    throw new HoldfastError('usage', `The folder ${path} is there. Name what was deleted in it.`);
  }
  const kept = read.revisionsOf(row.id);
  const before = kept[kept.findIndex((info) => info.revision === row.revision) + 1];
  if (before === undefined) {
    throw new HoldfastError('missing', `There is no older version of ${path}.`, {
      ...(findDeleted(read, path).some(isRestorable) && {
        hint: 'One of that name was deleted: `trash` lists it, with the batch that `restore --trash` takes.',
      }),
    });
  }
  return { rows: [row], revision: before.revision };
}

function findRevision(read: CycleContext['local']['index']['read'], path: string, revision: RevisionId): Wanted {
  const live = remoteNodeAt(read, path);
  const owner = read.revision(revision)?.node ?? null;
  const row = owner === null ? null : read.vaultRow(owner);
  const isLiveHere = live !== null && live !== 'root' && live.id === row?.id;
  const isHere = isLiveHere || findDeleted(read, path).some((gone) => gone.id === row?.id);
  if (row === null || !isHere) throw new HoldfastError('missing', `${path} has no version ${revision}.`);
  if (row.isDeleted && !isRestorable(row)) {
    throw new HoldfastError('missing', `${path} cannot be restored: its last version is not kept any more.`);
  }
  if (row.revision !== revision) return { rows: [row], revision };
  if (!row.isDeleted) throw new HoldfastError('usage', `This is the current version of ${path} already.`);
  return { rows: [row], revision: null };
}
