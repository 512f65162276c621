import { diskReason } from '../../common/disk-error.ts';
import type { NodeId } from '../../common/ids.ts';
import { rulesFileName } from '../../common/name.ts';
import { parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { IndexReader, LocalRow } from '../../db/index-port.ts';
import type { FileSystem } from '../../local/file-system.ts';
import { isMovedLocally } from '../../plan/diverged.ts';
import type { CycleContext } from '../cycle-context.ts';
import { lastPath } from '../history/last-path.ts';
import { expectedPath, localPath } from '../local-path.ts';

/** Rows that are forgotten in one transaction. */
const groupSize = 500;
const issuePrefix = 'deselected:';

/**
 * Takes what is deselected off this device's disk. Only what the vault holds goes: a file that was edited here since, one
 * that was never sent, and what is ignored stay where they are, untouched and unsent, and an issue says so. The vault and
 * other devices see nothing of it. Safe to repeat. `isStopping`: true ends it early, for a later time to go on.
 */
export async function putAway(context: CycleContext, isStopping = context.isStopping): Promise<void> {
  const { selection, local, issues } = context;
  const { read } = local.index;
  // Asked in each round: where nothing is deselected and nothing is open, it costs nothing.
  if (selection.deselected.size === 0 && read.counts().issues === 0) return;
  const concerned = new Set(selection.deselected.size > 0 ? [...selection.deselected, ...movedIn(context)] : []);
  for (const node of concerned) if (read.localRow(node) !== null) await takeOff(context, node, isStopping);
  if (selection.deselected.size > 0) forgetAbsent(context);
  const left = new Set<string>();
  for (const node of concerned) {
    const path = selection.deselected.has(node) ? expectedPath(read, node) : localPath(read, node);
    if (path === null || !(await isThere(local.fs, path))) continue;
    left.add(`${issuePrefix}${node}`);
    // What stayed has its old place here, whatever the folder is called in the vault by now.
    const choice = lastPath(read, selection.deselectedAbove(read, node) ?? node) ?? path;
    issues.raise({
      id: `${issuePrefix}${node}`,
      kind: 'skipped',
      node,
      path,
      message: `${path} is not selected on this device, but something is there. It is not synced; move it elsewhere or select ${choice} again.`,
    });
  }
  issues.endWhere(issuePrefix, ({ id }) => !left.has(id));
}

/** Nodes here that another device moved into something that is deselected here. */
function movedIn({ selection, local }: CycleContext): NodeId[] {
  const { read } = local.index;
  const found: NodeId[] = [];
  for (const node of read.diverged('based')) {
    const path = localPath(read, node);
    if (path === null || selection.isDeselectedPath(path)) continue;
    if (selection.deselectedAbove(read, node) !== null) found.push(node);
  }
  return found;
}

/**
 * What is in something deselected and not on the disk is no deletion, whoever took it off: this device, too, may have died
 * before it could note that it did. Without its base it is new here once it is selected again.
 */
function forgetAbsent({ selection, local: { index } }: CycleContext): void {
  const { read } = index;
  const absent = [...read.diverged('based')].filter(
    (node) => read.localRow(node) === null && selection.deselectedAbove(read, node) !== null,
  );
  if (absent.length === 0) return;
  index.transaction((write) => {
    for (const node of absent) {
      write.removeSynced(node);
      write.removeBlocked(node);
    }
  });
}

/** The node with all below it, what is in a folder before the folder, and its rules last of that. */
function* bottomUp(read: IndexReader, node: NodeId): Iterable<LocalRow> {
  const row = read.localRow(node);
  if (row === null) return;
  const inside = row.kind === 'folder' ? read.localRowsOf(node) : [];
  for (const { id, name } of inside) if (name !== rulesFileName) yield* bottomUp(read, id);
  for (const each of inside) if (each.name === rulesFileName) yield* bottomUp(read, each.id);
  yield row;
}

async function takeOff(context: CycleContext, top: NodeId, isStopping: () => boolean): Promise<void> {
  const { index, fs } = context.local;
  const { read } = index;
  let gone: NodeId[] = [];
  const touched = new Set<RelativePath>();
  const forget = async (): Promise<void> => {
    await fs.syncFolders([...touched]);
    touched.clear();
    index.transaction((write) => {
      for (const id of gone) {
        const husks = read.husksOf(id);
        for (const husk of husks) write.removeHusk(id, husk);
        write.removeLocal(id);
        write.removeSynced(id);
        write.removeBlocked(id);
      }
    });
    gone = [];
  };
  const kept = new Set<NodeId>();
  for (const row of [...bottomUp(read, top)]) {
    if (isStopping()) break;
    const path = localPath(read, row.id);
    if (path === null) continue;
    // Without its rules, what stays in a folder would be sent once that is selected again.
    const isNeeded = row.name === rulesFileName && !(await isAlone(fs, path));
    const mayGo = !isNeeded && !kept.has(row.id) && isHeldByVault(read, row);
    const outcome = mayGo ? await remove(context, row, path) : (await isThere(fs, path)) ? 'kept' : 'missing';
    if (outcome === 'removed') touched.add(parentPath(path));
    if (outcome === 'kept') kept.add(row.parent);
    // With all that was kept in it: somebody else has taken that meanwhile.
    else for (const { id } of bottomUp(read, row.id)) gone.push(id);
    if (gone.length >= groupSize) await forget();
  }
  await forget();
}

/** What is on disk is what both sides agreed on last, so that the vault has it, as its newest content or as an older one. */
function isHeldByVault(read: IndexReader, row: LocalRow): boolean {
  const synced = read.synced(row.id);
  return synced !== null && row.revision === synced.revision && !isMovedLocally(row, synced);
}

/** False only if certainly nothing of that name is there; a file in the place of a folder above holds nothing either. */
async function isThere(fs: Pick<FileSystem, 'stat'>, path: RelativePath): Promise<boolean> {
  try {
    return (await fs.stat(path)) !== null;
  } catch (error) {
    const reason = diskReason(error);
    if (reason === null || reason === 'root-gone') throw error;
    return reason !== 'vanished' && reason !== 'wrong-kind';
  }
}

/** Nothing else is in its folder. */
async function isAlone(fs: Pick<FileSystem, 'listFolder'>, path: RelativePath): Promise<boolean> {
  const outcome = await fs.listFolder(parentPath(path));
  return outcome.ok && outcome.listing.entries.length + outcome.listing.problems.length === 1;
}

/** `kept`: it is not as it was seen last, or something else is in the folder. */
async function remove(
  { local: { fs }, log }: CycleContext,
  row: LocalRow,
  path: RelativePath,
): Promise<'removed' | 'missing' | 'kept'> {
  try {
    if (row.kind === 'folder') await fs.removeFolder(path);
    else {
      // Out of reach of other programs first, then looked at once more, then gone.
      const item = await fs.trashFile(path, row, String(log.position.seq));
      if (await fs.isTrashedChanged(item)) {
        await fs.restoreTrashed(item, path);
        return 'kept';
      }
      await fs.dropTrashed(item);
    }
    return 'removed';
  } catch (error) {
    const reason = diskReason(error);
    if (reason === 'vanished') return 'missing';
    if (reason === null || reason === 'root-gone') throw error;
    return (await isThere(fs, path)) ? 'kept' : 'missing';
  }
}
