import { constants } from 'node:fs';
import { diskError, diskReason } from '../common/disk-error.ts';
import { isKind } from '../common/errors.ts';
import type { RootIdentity, RootState } from './file-system.ts';
import type { LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { readMarker } from './marker.ts';
import { lookAt, type NodeStat } from './node-stat.ts';

export const statRoot = (root: LocalRoot): NodeStat =>
  root.inFolder([], (anchor) => {
    const stat = lookAt(root.disk, `${anchor.folder}/.`, root.hasStableIds);
    if (stat === null) throw diskError('root-gone');
    return stat;
  });

/**
 * See `RootKeeper.checkRoot`.
 * @param fresh the same location, not bound yet: what is there now is judged before anyone works in it.
 */
export function checkRoot(fresh: LocalRoot, expected: RootIdentity | null): RootState {
  const { disk } = fresh;
  try {
    if (!disk.statSync(fresh.location).isDirectory()) return 'not-a-folder';
    disk.accessSync(fresh.location, constants.R_OK | constants.X_OK);
    disk.tryReaddirSync(fresh.location);
    if (expected === null) return 'ok';
    const marker = readMarker(fresh);
    if (marker?.pairId !== expected.pairId) return 'replaced';
    // The device number is not compared: it changes when a disk is plugged in again.
    return statRoot(fresh).ino === expected.ino ? 'ok' : 'copied';
  } catch (error) {
    if (isKind(error, 'corrupt')) return 'replaced';
    const reason = diskReason(mapErrno(error));
    // Nothing is wrong with the folder.
    if (reason === 'too-many-open') throw mapErrno(error);
    return reason === 'vanished' || reason === 'wrong-kind' || reason === 'root-gone' ? 'missing' : 'unreadable';
  }
}
