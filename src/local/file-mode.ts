import { errnoOf } from '../common/errno.ts';
import type { Disk } from './disk.ts';
import type { LocalRoot } from './local-root.ts';
import { lookAtTrial } from './look-at-trial.ts';
import type { NodeStat } from './node-stat.ts';

/** All mode bits of `mode` but exec, and exec for whoever may read, if it is to be executable. */
export function modeWithExec(mode: number, exec: boolean): number {
  const plain = mode & 0o777;
  if (exec === ((plain & 0o100) !== 0)) return plain;
  return exec ? plain | ((plain & 0o444) >> 2) | 0o100 : plain & ~0o111;
}

/**
 * Sets the bits; volumes without such bits refuse or ignore it, which is no failure. `target`: a handle, or a path that no other
 * program puts a link at.
 */
export function setMode(disk: Disk, target: string | number, stat: Pick<NodeStat, 'mode'>, mode: number): void {
  if ((stat.mode & 0o777) === mode) return;
  try {
    if (typeof target === 'number') disk.fchmodSync(target, mode);
    else disk.chmodSync(target, mode);
  } catch (error) {
    const code = errnoOf(error);
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error;
  }
}

/** The permission bits that a new file of this person gets here: what the umask and the folder's defaults leave. */
export function defaultFileMode(root: LocalRoot): number {
  return (lookAtTrial(root, 0o666)?.mode ?? 0o600) & 0o777;
}
