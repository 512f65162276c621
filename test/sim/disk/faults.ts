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

/** Calls at which something happens. */
export interface Moment {
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

/** What goes wrong, and when. `fsync` that fails loses what it should have written, as on Linux. */
export interface Fault extends Moment {
  readonly code: 'EIO' | 'ENOSPC' | 'EDQUOT' | 'EACCES' | 'EPERM' | 'EBUSY' | 'EROFS' | 'EMFILE' | 'EINVAL' | 'EXDEV';
}

export interface Faults {
  /** Returns how to take it back. */
  add(fault: Fault): () => void;
  /** Somebody else does something right before such a call has its effect. */
  meet(moment: Moment, work: (path: string) => void): void;
  clear(): void;
  /** Throws what goes wrong with this call. */
  check(call: DiskCall, path: string): void;
}

export function makeFaults(dice: Dice): Faults {
  interface Waiting {
    readonly moment: Moment;
    readonly happen: (call: string, path: string) => void;
    seen: number;
    left: number;
  }
  const active = new Set<Waiting>();
  const wait = (moment: Moment, happen: Waiting['happen']): (() => void) => {
    const left = moment.times ?? (moment.nth === undefined ? Number.POSITIVE_INFINITY : 1);
    const waiting: Waiting = { moment, happen, seen: 0, left };
    active.add(waiting);
    return () => void active.delete(waiting);
  };
  return {
    add: (fault) =>
      wait(fault, (call, path) => {
        throw errno(fault.code, call, path);
      }),
    meet: (moment, work) => void wait(moment, (_, path) => work(path)),
    clear: () => active.clear(),
    check: (call, path) => {
      for (const waiting of active) {
        const { moment } = waiting;
        if (moment.calls !== undefined && !moment.calls.includes(call)) continue;
        if (moment.path !== undefined && !moment.path(path)) continue;
        waiting.seen++;
        if (moment.nth === undefined ? !dice.chance(moment.chance ?? 1) : waiting.seen < moment.nth) continue;
        if (--waiting.left <= 0) active.delete(waiting);
        waiting.happen(call, path);
      }
    },
  };
}
