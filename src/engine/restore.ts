import { HoldfastError } from '../common/errors.ts';
import type { RevisionId } from '../common/ids.ts';
import type { VaultRow } from '../db/index-port.ts';
import type { Draft } from '../vault/split-operations.ts';
import { appendOperations } from './append-operations.ts';
import type { CycleContext } from './cycle-context.ts';
import { findDeleted, isRestorable } from './find-deleted.ts';
import { remoteNodeAt } from './local-path.ts';
import { deletedTogether, planRestore } from './plan-restore.ts';
import { reviseBack } from './revise-back.ts';

/** What is to come back: deleted nodes, topmost first, or an older content of the first one, or both. */
interface Wanted {
  readonly rows: readonly VaultRow[];
  readonly revision: RevisionId | null;
}

/**
 * Brings back what was deleted last at `path` (a folder with all that was deleted with it), or an older revision of a
 * file, as a new one. Without `revision`, a live file gets the one before its current one. Throws `missing`, `usage`,
 * `conflict`.
 */
export async function restore(
  context: CycleContext,
  path: string,
  { revision }: { readonly revision: RevisionId | null },
): Promise<{ readonly batch: string }> {
  const { local, log } = context;
  const { read } = local.index;
  const wanted = findWanted(context, path, revision);
  const [top] = wanted.rows;
  const back =
    top === undefined || wanted.revision === null ? null : await reviseBack(context, top.id, wanted.revision);
  const former = top?.revision ?? null;

  const makeDrafts = (): Draft[] => {
    const stamp = { seq: log.position.seq + 1, timeUs: local.clock.now() * 1000, deviceId: log.device };
    const { maxLength } = local.traits.nameRules;
    const drafts: Draft[] = planRestore(read, wanted.rows, { stamp, maxLength }).map((operation) => ({
      operation,
      retained: [],
      released: [],
    }));
    // Another device's newer content is not what the person saw when asking for the older one.
    const isAsSeen = top !== undefined && read.vaultRow(top.id)?.revision === former;
    return back !== null && isAsSeen ? [...drafts, back.draft] : drafts;
  };
  return appendOperations(context, makeDrafts, (write, applied) => {
    if (back !== null && applied.some((each) => each.operation === back.draft.operation)) back.remember(write);
  });
}

function findWanted({ local }: CycleContext, path: string, revision: RevisionId | null): Wanted {
  const { read } = local.index;
  const live = remoteNodeAt(read, path);
  if (live === 'root') throw new HoldfastError('usage', 'The whole vault cannot be restored at once.');
  if (revision !== null) return findRevision(read, path, live?.id ?? null, revision);
  if (live === null) {
    const top = findDeleted(read, path).find(isRestorable);
    if (top === undefined) throw new HoldfastError('missing', `Nothing that was deleted at ${path} can be restored.`);
    return { rows: deletedTogether(read, top), revision: null };
  }
  if (live.kind === 'folder') {
    throw new HoldfastError('usage', `The folder ${path} is there. Name what was deleted in it.`);
  }
  const kept = read.revisionsOf(live.id);
  const before = kept[kept.findIndex((info) => info.revision === live.revision) + 1];
  const row = read.vaultRow(live.id);
  if (before === undefined || row === null) {
    throw new HoldfastError('missing', `There is no older version of ${path}.`);
  }
  return { rows: [row], revision: before.revision };
}

function findRevision(
  read: CycleContext['local']['index']['read'],
  path: string,
  live: VaultRow['id'] | null,
  revision: RevisionId,
): Wanted {
  const owner = read.revision(revision)?.node ?? null;
  const row = owner === null ? null : read.vaultRow(owner);
  const isHere = row !== null && (row.id === live || findDeleted(read, path).some((gone) => gone.id === row.id));
  if (row === null || !isHere) throw new HoldfastError('missing', `${path} has no version ${revision}.`);
  if (row.isDeleted && !isRestorable(row)) {
    throw new HoldfastError('missing', `${path} cannot be restored: its last version is not kept any more.`);
  }
  if (row.revision !== revision) return { rows: [row], revision };
  if (!row.isDeleted) throw new HoldfastError('usage', `This is the current version of ${path} already.`);
  return { rows: [row], revision: null };
}
