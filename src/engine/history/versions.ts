import { HoldfastError } from '../../common/errors.ts';
import type { DeviceId, NodeId } from '../../common/ids.ts';
import type { VersionInfo } from '../../model/status.ts';
import type { CycleContext } from '../cycle-context.ts';
import { findFile } from './find-file.ts';
import { isDeleted } from './find-node.ts';

/** The kept versions of a file, chosen as `findNode` says; newest first. Throws `missing`, `usage`. */
export function listVersions(
  context: Pick<CycleContext, 'local'>,
  path: string,
  deviceName: (device: DeviceId) => string,
  chosen: NodeId | null = null,
): readonly VersionInfo[] {
  const { read } = context.local.index;
  const node = findFile(
    read,
    path,
    chosen,
    () => new HoldfastError('usage', 'A folder has no versions.', { hint: 'Name a file.' }),
  );
  return read.revisionsOf(node.id).map((info) => ({
    revision: info.revision,
    seq: info.seq,
    time: Math.floor(info.timeUs / 1000),
    device: info.deviceId,
    deviceName: deviceName(info.deviceId),
    size: info.size,
    mtimeUs: info.mtimeUs,
    isCurrent: !isDeleted(node) && info.revision === node.revision,
  }));
}
