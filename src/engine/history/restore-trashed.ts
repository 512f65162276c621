import { diskReason } from '../../common/disk-error.ts';
import { HoldfastError } from '../../common/errors.ts';
import { joinName, lastName, parentPath, pathNames, type RelativePath, rootPath } from '../../common/relative-path.ts';
import type { FileSystem } from '../../local/file-system.ts';
import type { LocalNameRules } from '../../model/local-name-rules.ts';
import type { TrashItem } from '../../model/status.ts';
import { restoredName } from '../../plan/name-parts.ts';

/** Which item of the folder's trash, or of the vault's. */
export type TrashedFile = Pick<TrashItem, 'batch' | 'copy' | 'path'>;

type Disk = Pick<FileSystem, 'listTrash' | 'restoreTrashed' | 'makeFolder' | 'stat' | 'syncFolders'>;

/**
 * Brings a file out of the folder's trash back to where it was, and answers with its place. Folders above that are gone are made
 * again; a taken name gets a mark, so that nothing is replaced. To the engine it is a new file of the disk. Throws
 * `missing`, `io`.
 */
export async function restoreTrashed(
  fs: Disk,
  wanted: TrashedFile,
  limit: LocalNameRules['maxLength'],
): Promise<RelativePath> {
  const item = (await fs.listTrash()).find(
    ({ batch, copy, path }) => batch === wanted.batch && copy === wanted.copy && path === wanted.path,
  );
  if (item === undefined) {
    throw new HoldfastError('missing', `${wanted.path} is not in the trash of this computer any more.`);
  }
  const touched = [rootPath];
  for (const name of pathNames(parentPath(item.path))) {
    touched.push(await withFreeName(touched.at(-1) ?? rootPath, name, limit, (path) => folderAt(fs, path)));
  }
  const place = await withFreeName(touched.at(-1) ?? rootPath, lastName(item.path), limit, async (path) => {
    await fs.restoreTrashed(item, path);
    return path;
  });
  await fs.syncFolders(touched);
  return place;
}

/** The folder there, made if nothing is; `exists` if something else is. */
async function folderAt(fs: Disk, path: RelativePath): Promise<RelativePath> {
  const there = await fs.stat(path);
  if (there?.kind !== 'folder') await fs.makeFolder(path);
  return path;
}

/** What `task` makes of the first name that is free for it: the wanted one, else with a mark. */
async function withFreeName(
  parent: RelativePath,
  wanted: string,
  limit: LocalNameRules['maxLength'],
  task: (path: RelativePath) => Promise<RelativePath>,
): Promise<RelativePath> {
  for (let n = 0; ; n++) {
    try {
      return await task(joinName(parent, restoredName(wanted, n, limit)));
    } catch (error) {
      if (diskReason(error) !== 'exists') throw error;
    }
  }
}
