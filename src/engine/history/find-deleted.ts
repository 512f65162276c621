import { HoldfastError } from '../../common/errors.ts';
import { type NodeId, rootNode } from '../../common/ids.ts';
import { nameKey } from '../../common/name.ts';
import type { IndexReader, VaultRow } from '../../db/index-port.ts';
import { isRestorable } from '../../model/is-restorable.ts';

type Read = Pick<IndexReader, 'remoteByName' | 'deletedChildren'>;

/** The names of a path of the vault; leading, trailing and doubled `/` do not count. */
export const vaultNames = (path: string): readonly string[] => path.split('/').filter((name) => name !== '');

/**
 * Deleted nodes whose last place was `path`, latest deleted first. Several nodes may have had one name after each other,
 * folders on the way too, so all of them are looked at.
 */
export function findDeleted(read: Read, path: string): readonly VaultRow[] {
  const names = vaultNames(path);
  const last = names.at(-1);
  if (last === undefined) return [];
  let folders: NodeId[] = [rootNode];
  for (const name of names.slice(0, -1)) {
    const next: NodeId[] = [];
    for (const folder of folders) {
      const live = read.remoteByName(folder, nameKey(name));
      if (live?.kind === 'folder') next.push(live.id);
      for (const gone of deletedNamed(read, folder, name)) if (gone.kind === 'folder') next.push(gone.id);
    }
    folders = next;
  }
  const found = folders.flatMap((folder) => deletedNamed(read, folder, last));
  return found.sort((a, b) => b.seq - a.seq || (a.id < b.id ? -1 : 1));
}

const deletedNamed = (read: Read, folder: NodeId, name: string): VaultRow[] =>
  read.deletedChildren(folder).filter((row) => nameKey(row.name) === nameKey(name));

/** What that batch deleted at `path` and can come back. Throws `missing`. */
export function findDeletedIn(read: Read, { path, batch }: { readonly path: string; readonly batch: string }): NodeId {
  const found = findDeleted(read, path).find((row) => isRestorable(row) && String(row.seq) === batch);
  if (found === undefined) throw nothingToRestore(path);
  return found.id;
}

export const nothingToRestore = (path: string): HoldfastError =>
  new HoldfastError('missing', `Nothing that was deleted at ${path} can be restored.`);
