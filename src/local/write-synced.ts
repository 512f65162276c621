import { errnoOf } from '../common/errno.ts';
import type { Disk } from './disk.ts';
import { newFlags } from './open-flags.ts';
import { writeAll } from './write-all.ts';

/**
 * A small file of our own, readable by the owner only; its content, not its name, is on the medium afterwards. What has the name is
 * the rest of an earlier try, or came with the folder, out of an archive say: a link, a pipe, a second name of another file. It
 * is not written to.
 */
export function writeSynced(disk: Disk, path: string, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const handle = openNew(disk, path, newFlags);
  try {
    writeAll(disk, handle, bytes);
    disk.fsyncSync(handle);
  } finally {
    disk.closeSync(handle);
  }
}

/** Opens a file that was not there: what was is removed. */
export function openNew(disk: Disk, path: string, exclusive: number): number {
  const open = (): number => disk.openSync(path, exclusive, 0o600);
  try {
    return open();
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  disk.unlinkSync(path);
  return open();
}
