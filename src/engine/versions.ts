import { HoldfastError } from '../common/errors.ts';
import type { DeviceId } from '../common/ids.ts';
import type { VersionInfo } from '../model/status.ts';
import type { CycleContext } from './cycle-context.ts';
import { findDeleted } from './find-deleted.ts';
import { remoteNodeAt } from './local-path.ts';

/** The kept versions of the file at `path`, or else of the one deleted there last; newest first. Throws `missing`, `usage`. */
export function listVersions(
  context: Pick<CycleContext, 'local'>,
  path: string,
  deviceName: (device: DeviceId) => string,
): readonly VersionInfo[] {
  const { read } = context.local.index;
  const live = remoteNodeAt(read, path);
  const node = live ?? findDeleted(read, path).find((row) => row.kind === 'file') ?? null;
  if (node === null) throw new HoldfastError('missing', `There is and was no file ${path} in the vault.`);
  if (node === 'root' || node.kind === 'folder') {
    throw new HoldfastError('usage', 'A folder has no versions.', { hint: 'Name a file.' });
  }
  return read.revisionsOf(node.id).map((info) => ({
    revision: info.revision,
    seq: info.seq,
    time: Math.floor(info.timeUs / 1000),
    device: info.deviceId,
    deviceName: deviceName(info.deviceId),
    size: info.size,
    mtimeUs: info.mtimeUs,
    isCurrent: live !== null && info.revision === node.revision,
  }));
}
