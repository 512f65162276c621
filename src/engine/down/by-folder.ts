import type { NodeId } from '../../common/ids.ts';

/**
 * Neighbours together, folders in the order in which they first appear: a folder is opened once for many of its files, and
 * what was sent in this order is fetched in it, as it lies on the server's disk.
 */
export const byFolder = <T>(operations: readonly T[], folderOf: (operation: T) => NodeId): readonly T[] =>
  [...Map.groupBy(operations, folderOf).values()].flat();
