import { parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { Index } from '../../db/index-port.ts';
import { allOf, type DirtyFolders } from '../../model/dirty-folders.ts';
import { localPath } from '../local-path.ts';

/**
 * Where to look for what came back into the vault while it was thought to be here: a delete of it here that nobody has seen
 * yet is older than that, as far as whoever made it knew, and is not to be made once more.
 */
export const foldersOfReturned = ({ read }: Pick<Index, 'read'>): DirtyFolders =>
  allOf(
    [...read.returned()].flatMap((node) => {
      const path = localPath(read, node);
      return path === null ? [] : [parentPath(path)];
    }),
  );

/** After these folders were listed: what of it is not here is new here, and comes. Of a folder that was not, nobody knows. */
export function settleReturned({ read, transaction }: Index, listed: ReadonlySet<RelativePath>): void {
  const returned = [...read.returned()];
  if (returned.length === 0) return;
  transaction((write) => {
    for (const node of returned) {
      const path = localPath(read, node);
      if (path !== null && !listed.has(parentPath(path))) continue;
      if (path === null) write.removeSynced(node);
      write.removeReturned(node);
    }
  });
}
