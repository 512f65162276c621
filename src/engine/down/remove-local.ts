import { diskError, diskReason } from '../../common/disk-error.ts';
import type { NodeId } from '../../common/ids.ts';
import { rulesFileName } from '../../common/name.ts';
import { joinName, parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { leftIn } from '../observe/never-synced.ts';
import type { DownContext, DownRun } from './down-context.ts';
import { staleNow } from './down-rows.ts';

/**
 * A node that is gone from the vault goes here: files to the trash, folders once nothing is left in them, each together with its
 * rules file, which waits for that: without it what it leaves out would be sent. How many nodes went.
 */
export async function removeLocal(
  context: DownContext,
  node: NodeId,
  path: RelativePath | null,
  run: DownRun,
): Promise<number> {
  const { index, fs } = context;
  const row = index.read.localRow(node);
  if (row === null || path === null) throw staleNow();
  if (row.name === rulesFileName && run.going.has(row.parent)) {
    run.rulesOf.set(row.parent, row);
    return 0;
  }
  const rules = run.rulesOf.get(node) ?? null;
  let isHusk = false;
  if (row.kind === 'file') await fs.trashFile(path, row, context.batch);
  else isHusk = await removeFolder(context, node, path, rules);
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
    if (rules !== null) write.removeSynced(rules.id);
    for (const husk of husks) write.removeHusk(node, husk);
    if (!isHusk) return;
    write.addHusk(row.parent, row.name);
    for (const husk of husks) write.addHusk(row.parent, `${row.name}/${husk}`);
  });
  return rules === null ? 1 : 2;
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

/** True if it stays for what is never synced in it, and its rules with it: it is a husk from now on, and no new folder to the next scan. */
async function removeFolder(
  { index, fs, ignore, batch }: DownContext,
  node: NodeId,
  path: RelativePath,
  rules: LocalRow | null,
): Promise<boolean> {
  try {
    if (rules !== null) throw diskError('not-empty');
    await fs.removeFolder(path);
    return false;
  } catch (error) {
    if (diskReason(error) !== 'not-empty') throw error;
    const left = await leftIn({ index, fs, ignore }, node, path, rules?.name);
    if (left === 'news') throw error;
    if (left === 'husk') return true;
    if (rules !== null) await fs.trashFile(joinName(path, rules.name), rules, batch);
    for (const entry of left) await fs.trashFile(joinName(path, entry.name), entry, batch);
    await fs.removeFolder(path);
    return false;
  }
}
