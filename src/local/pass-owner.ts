import type { Disk } from './disk.ts';
import type { NodeStat } from './node-stat.ts';
import { readFlags } from './open-flags.ts';

/**
 * Gives a file that takes another one's place to whom that belongs, as far as this person may give files away; returns the mode
 * bits that pass on. What the old file's group was allowed is no matter of another group: it gets no more than all others.
 */
export function passOwner(disk: Disk, path: string, made: NodeStat, old: NodeStat): number {
  if (made.uid === old.uid && made.gid === old.gid) return old.mode;
  const isGiven = give(disk, path, old.uid, old.gid);
  if (isGiven || made.gid === old.gid || give(disk, path, made.uid, old.gid)) return old.mode;
  return old.mode & (0o7707 | ((old.mode & 0o007) << 3));
}

/** Nothing but the file itself: who may give anything to anybody must not be led to another one by a link. */
function give(disk: Disk, path: string, uid: number, gid: number): boolean {
  try {
    const handle = disk.openSync(path, readFlags);
    try {
      const now = disk.fstatSync(handle);
      if (!now.isFile() || now.nlink > 1) return false;
      disk.fchownSync(handle, uid, gid);
      return true;
    } finally {
      disk.closeSync(handle);
    }
  } catch {
    return false;
  }
}
