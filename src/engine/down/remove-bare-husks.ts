import { diskReason } from '../../common/disk-error.ts';
import { joinName, type RelativePath } from '../../common/relative-path.ts';
import type { LocalContext } from '../context.ts';
import { type BareHusk, forgetHusk } from '../husks.ts';
import { endWaitsForNames } from '../loop/block-failed.ts';

/** What deleted folders stayed for is gone: they go as well. One that holds something again by now stays. */
export async function removeBareHusks(context: LocalContext, husks: readonly BareHusk[]): Promise<void> {
  const { index, fs } = context;
  let isRoomMade = false;
  for (const { parent, name, path } of husks) {
    if (!(await removeFolders(fs, path))) continue;
    index.transaction((write) => forgetHusk(index.read, write, parent, name));
    isRoomMade = true;
  }
  if (isRoomMade) endWaitsForNames(context);
}

/** Removes the folder and the folders in it, none of which may hold anything else. */
async function removeFolders(fs: LocalContext['fs'], path: RelativePath): Promise<boolean> {
  const outcome = await fs.listFolder(path);
  if (!outcome.ok) return false;
  for (const { kind, name } of outcome.listing.entries) {
    if (kind !== 'folder' || !(await removeFolders(fs, joinName(path, name)))) return false;
  }
  try {
    await fs.removeFolder(path);
    return true;
  } catch (error) {
    if (diskReason(error) === null || diskReason(error) === 'root-gone') throw error;
    return false;
  }
}
