import type { NodeId } from '../../common/ids.ts';

/**
 * Neighbours together, folders in the order in which they first appear: a folder is opened once for many of its files, and
 * what was sent in this order is fetched in it, as it lies on the server's disk.
 */
export const byFolder = <T>(operations: readonly T[], folderOf: (operation: T) => NodeId): readonly T[] =>
  [...Map.groupBy(operations, folderOf).values()].flat();

/** What is short need not wait for what takes long, nor what is smaller of that for what is larger; in their order otherwise. */
export function shortFirst<T>(
  operations: readonly T[],
  isShort: (operation: T) => boolean,
  sizeOf: (operation: T) => number,
): readonly T[] {
  const long = operations.filter((each) => !isShort(each));
  if (long.length === 0) return operations;
  return [...operations.filter(isShort), ...long.toSorted((a, b) => sizeOf(a) - sizeOf(b))];
}
