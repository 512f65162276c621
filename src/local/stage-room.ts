import { diskError } from '../common/disk-error.ts';
import type { DiskSpace } from './disk.ts';
import type { LocalRoot } from './local-root.ts';
import { stageFolder } from './own-folder.ts';

/** Bytes that files in the making are still to get, by volume: those of several folders share a disk. */
const promised = new Map<number, number>();

const promise = (volume: number, bytes: number): void => {
  promised.set(volume, (promised.get(volume) ?? 0) + bytes);
};

export const spaceOf = (root: LocalRoot): DiskSpace =>
  root.inFolder(stageFolder, ({ folder }) => root.disk.statfsSync(`${folder}/.`));

/** The part of a disk's room that one file in the making is to fill. */
export interface StageRoom {
  /** Whether the disk tells how much room it has: then a file that does not fit is not begun again and again. */
  readonly isKnown: boolean;
  wrote(bytes: number): void;
  /** Safe to repeat. */
  end(): void;
}

/**
 * Throws `disk-full` if what is free, and not taken by another file, is less than `bytes`: a file that cannot become whole
 * would only take the room that all others need.
 */
export function takeRoom(root: LocalRoot, bytes: number): StageRoom {
  const volume = root.dev;
  const { bavail, blocks, bsize } = spaceOf(root);
  // FUSE file systems need not tell, and then say nothing but zeros.
  const isKnown = blocks > 0;
  if (isKnown && (promised.get(volume) ?? 0) + bytes > bavail * bsize) throw diskError('disk-full');
  let left = bytes;
  const give = (some: number): void => {
    const given = Math.min(some, left);
    left -= given;
    promise(volume, -given);
  };
  promise(volume, bytes);
  return { isKnown, wrote: give, end: () => give(left) };
}
