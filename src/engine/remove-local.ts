import { diskReason } from '../common/disk-error.ts';
import type { NodeId } from '../common/ids.ts';
import { joinName, parentPath, type RelativePath } from '../common/relative-path.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { staleNow } from './down-rows.ts';
import { leftIn, rulesFile } from './never-synced.ts';

/** A node that is gone from the vault goes here: files to the trash, folders once nothing is left in them. */
export async function removeLocal(
  context: DownContext,
  node: NodeId,
  path: RelativePath | null,
  run: DownRun,
): Promise<void> {
  const { index, fs } = context;
  const row = index.read.localRow(node);
  if (row === null || path === null) throw staleNow();
  let isHusk = false;
  if (row.kind === 'file') {
    const item = await fs.trashFile(path, row, context.batch);
    if (row.name === rulesFile) run.trashedRules.set(parentPath(path), item);
  } else isHusk = await removeFolder(context, node, path);
  run.touchedFolders.add(parentPath(path));
  const husks = row.kind === 'folder' ? index.read.husksOf(node) : [];
  // The disk had nothing in it any more, whatever the last look had seen there.
  const below = row.kind === 'folder' && !isHusk ? nodesBelow(index, node) : [];
  index.transaction((write) => {
    for (const each of below) write.removeLocal(each);
    write.removeLocal(node);
    write.removeSynced(node);
    write.removeBlocked(node);
    for (const husk of husks) write.removeHusk(node, husk);
    if (!isHusk) return;
    write.addHusk(row.parent, row.name);
    for (const husk of husks) write.addHusk(row.parent, `${row.name}/${husk}`);
  });
  // The rules that say why the folder stays, stay with it: else what they leave out would go up one day.
  const rules = isHusk ? run.trashedRules.get(path) : undefined;
  if (rules !== undefined) await fs.restoreTrashed(rules, rules.path);
}

function nodesBelow(index: DownContext['index'], folder: NodeId): NodeId[] {
  const found: NodeId[] = [];
  const stack = [folder];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const ids = index.read.localRowsOf(at).map(({ id }) => id);
    found.push(...ids);
    stack.push(...ids);
  }
  return found;
}

/** True if it stays for what is never synced in it: it is a husk from now on, and no new folder to the next scan. */
async function removeFolder(context: DownContext, node: NodeId, path: RelativePath): Promise<boolean> {
  const { fs, batch } = context;
  try {
    await fs.removeFolder(path);
    return false;
  } catch (error) {
    if (diskReason(error) !== 'not-empty') throw error;
    const left = await leftIn(context, node, path);
    if (left === 'news') throw error;
    if (left === 'husk') return true;
    for (const entry of left) await fs.trashFile(joinName(path, entry.name), entry, batch);
    await fs.removeFolder(path);
    return false;
  }
}
