import type { NodeId } from '../../common/ids.ts';
import { isLarge } from '../transfer/is-large.ts';

/**
 * Neighbours together, folders in the order in which they first appear: a folder is opened once for many of its files, and
 * what was sent in this order is fetched in it, as it lies on the server's disk.
 */
export const byFolder = <T>(operations: readonly T[], folderOf: (operation: T) => NodeId): readonly T[] =>
  [...Map.groupBy(operations, folderOf).values()].flat();

/** What is short need not wait for what takes long, nor that for what is large; in their order otherwise. */
export function shortFirst<T>(
  operations: readonly T[],
  isShort: (operation: T) => boolean,
  sizeOf: (operation: T) => number,
): readonly T[] {
  const rank = (each: T): number => (isShort(each) ? 0 : isLarge(sizeOf(each)) ? 2 : 1);
  const ranked = Map.groupBy(operations, rank);
  return [0, 1, 2].flatMap((each) => ranked.get(each) ?? []);
}
