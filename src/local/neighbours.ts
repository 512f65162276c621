import { parentPath, type RelativePath } from '../common/relative-path.ts';

/** Those from `from` on that lie in one folder, at most `most`; at least one, if there is one. */
export function neighbours<T extends { readonly path: RelativePath }>(
  items: readonly T[],
  from: number,
  most: number,
): readonly T[] {
  const folder = items[from] === undefined ? null : parentPath(items[from].path);
  const rest = items.slice(from, from + most);
  const end = rest.findIndex(({ path }) => parentPath(path) !== folder);
  return end < 0 ? rest : rest.slice(0, end);
}
