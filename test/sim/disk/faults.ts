import type { Dice } from '../random.ts';
import { errno } from './errno.ts';

/** A call of the Disk port, without `Sync`. `syncVolume` is a call of its own. */
export const diskCalls = [
  'open',
  'close',
  'read',
  'write',
  'fstat',
  'ftruncate',
  'futimes',
  'fsync',
  'syncVolume',
  'lstat',
  'stat',
  'access',
  'readdir',
  'readText',
  'readlink',
  'realpath',
  'statfs',
  'mkdir',
  'rmdir',
  'rename',
  'link',
  'unlink',
  'chmod',
  'utimes',
  'copy',
  'symlink',
] as const;
export type DiskCall = (typeof diskCalls)[number];

/** What goes wrong, and when. `fsync` that fails loses what it should have written, as on Linux. */
export interface Fault {
  readonly code: 'EIO' | 'ENOSPC' | 'EDQUOT' | 'EACCES' | 'EPERM' | 'EBUSY' | 'EROFS' | 'EMFILE' | 'EINVAL' | 'EXDEV';
  /** All by default. */
  readonly calls?: readonly DiskCall[];
  /** The path as the call had it; of a handle, the one that it was opened by. */
  readonly path?: (path: string) => boolean;
  /** The how-manieth such call from now on, from 1; or, without it, each with a chance. */
  readonly nth?: number;
  readonly chance?: number;
  /** How often at most: once with `nth`, else for ever. */
  readonly times?: number;
}

export interface Faults {
  /** Returns how to take it back. */
  add(fault: Fault): () => void;
  clear(): void;
  /** Throws what goes wrong with this call. */
  check(call: DiskCall, path: string): void;
}

export function makeFaults(dice: Dice): Faults {
  const active = new Set<{ readonly fault: Fault; seen: number; left: number }>();
  return {
    add: (fault) => {
      const left = fault.times ?? (fault.nth === undefined ? Number.POSITIVE_INFINITY : 1);
      const entry = { fault, seen: 0, left };
      active.add(entry);
      return () => void active.delete(entry);
    },
    clear: () => active.clear(),
    check: (call, path) => {
      for (const entry of active) {
        const { fault } = entry;
        if (fault.calls !== undefined && !fault.calls.includes(call)) continue;
        if (fault.path !== undefined && !fault.path(path)) continue;
        entry.seen++;
        if (fault.nth === undefined ? !dice.chance(fault.chance ?? 1) : entry.seen < fault.nth) continue;
        if (--entry.left <= 0) active.delete(entry);
        throw errno(fault.code, call, path);
      }
    },
  };
}
