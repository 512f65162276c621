import { errnoOf } from '../common/errno.ts';
import type { LocalRoot } from './local-root.ts';
import { spaceOf } from './stage-room.ts';

/** How large a file can be, where a disk was found to hold no larger one: those are not begun again and again. */
export interface LargestFile {
  bytes: number;
}

/** What FAT holds at most. */
export const fatLimit = 2 ** 32 - 1;

/** Bytes. With so many left no disk is full for what is written at once. */
const plenty = 64 * 1024 * 1024;

/**
 * Whether a write that ends at `end` was refused since no file there can be that large. FAT says so, but on Windows, where it calls the
 * disk full.
 */
export function isTooLarge(root: LocalRoot, error: unknown, end: number): boolean {
  if (end <= fatLimit) return false;
  const code = errnoOf(error);
  if (code !== 'ENOSPC' || root.hasStableIds) return code === 'EFBIG';
  const { bavail, bsize } = spaceOf(root);
  return bavail * bsize > plenty;
}
