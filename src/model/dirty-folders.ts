import type { RelativePath } from '../common/relative-path.ts';

/** Names of entries of a folder that may have changed; `all`: whatever is in it. */
export type DirtyNames = 'all' | ReadonlySet<string>;

export type DirtyFolders = ReadonlyMap<RelativePath, DirtyNames>;

/** So many entries of a folder are looked at one by one; of more the folder is listed. */
const mostNames = 64;

export function addDirty(folders: Map<RelativePath, DirtyNames>, folder: RelativePath, names: DirtyNames): void {
  const known = folders.get(folder);
  if (known === 'all') return;
  if (names === 'all') folders.set(folder, 'all');
  else {
    const both = new Set([...(known ?? []), ...names]);
    folders.set(folder, both.size > mostNames ? 'all' : both);
  }
}

/** Of each of these folders whatever is in it. */
export const allOf = (folders: Iterable<RelativePath>): DirtyFolders =>
  new Map([...folders].map((folder) => [folder, 'all']));

export function bothDirty(some: DirtyFolders, others: DirtyFolders): DirtyFolders {
  if (some.size === 0 || others.size === 0) return some.size === 0 ? others : some;
  const both = new Map(some);
  for (const [folder, names] of others) addDirty(both, folder, names);
  return both;
}
