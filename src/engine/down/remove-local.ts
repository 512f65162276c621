import { diskReason } from '../../common/disk-error.ts';
import type { NodeId } from '../../common/ids.ts';
import { rulesFileName } from '../../common/name.ts';
import { joinName, parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { leftIn } from '../observe/never-synced.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { staleNow } from './down-rows.ts';

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
    if (row.name === rulesFileName) run.trashedRules.set(parentPath(path), item);
  } else isHusk = await removeFolder(context, node, path);
  run.touchedFolders.add(parentPath(path));
  const husks = row.kind === 'folder' ? index.read.husksOf(node) : [];
  const below = row.kind === 'folder' ? rowsBelow(index, node, run.parked) : nothing;
  index.transaction((write) => {
    // Nothing of it was on the disk any more, whatever the last look had seen there.
    for (const each of below.gone) write.removeLocal(each);
    // Wherever it comes out of the stage, it still is what it was: until then it counts as gone from a folder that is there.
    for (const each of below.parked) write.putLocal({ ...each, parent: row.parent, name: `recovered-${each.id}` });
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

interface Below {
  readonly gone: readonly NodeId[];
  /** In the stage: they left the folder before, each with all that is in it. */
  readonly parked: readonly LocalRow[];
}

const nothing: Below = { gone: [], parked: [] };

function rowsBelow({ read }: DownContext['index'], folder: NodeId, isParked: ReadonlySet<NodeId>): Below {
  const gone: NodeId[] = [];
  const parked: LocalRow[] = [];
  const stack = [folder];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const row of read.localRowsOf(at)) {
      if (isParked.has(row.id)) parked.push(row);
      else {
        gone.push(row.id);
        stack.push(row.id);
      }
    }
  }
  return { gone, parked };
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
