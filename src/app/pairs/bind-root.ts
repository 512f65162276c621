import { diskReason } from '../../common/disk-error.ts';
import { HoldfastError, isKind } from '../../common/errors.ts';
import type { PairId } from '../../common/ids.ts';
import type { Logger } from '../../common/logger.ts';
import type { FileSystem, Marker } from '../../local/file-system.ts';
import { openNodeFileSystem } from '../../local/node-file-system.ts';

/** The folder of a pair. Throws `io`, reason `root-gone`, if there is none that can be read. */
export async function bindRoot(folder: string): Promise<FileSystem> {
  const fs = openNodeFileSystem(folder);
  const state = await fs.checkRoot(null);
  if (state !== 'ok') throw rootGone(folder);
  return fs;
}

/** Null if it bears no mark, or one that cannot be read. */
export async function markerOf(fs: FileSystem): Promise<Marker | null> {
  try {
    return await fs.readMarker();
  } catch (error) {
    if (isKind(error, 'corrupt')) return null;
    throw error;
  }
}

/** The folder is no pair's any more, as far as it is there. */
export async function unbindRoot(folder: string, pair: PairId, logger: Logger): Promise<void> {
  try {
    const fs = await bindRoot(folder);
    if ((await markerOf(fs))?.pairId !== pair) return;
    // A process that died may have left files on their way to another place, where nobody would look for them again.
    await fs.recoverStage(() => false);
    await fs.removeMarker();
  } catch (error) {
    logger.log('warn', 'the folder keeps the mark of its pair', { pair, error });
  }
}

export const rootGoneHint =
  'Reconnect its disk or bring the folder back. If it was moved, say with `locate` where it is now. If it is gone for good, remove the pair.';
export const otherFolderHint =
  'Reconnect its disk or bring the folder back. If it was moved, say with `locate` where it is now. If it was put back from a backup, remove the pair and add the folder again.';

export const rootGone = (folder: string, hint = rootGoneHint): HoldfastError =>
  new HoldfastError('io', `${folder} is missing, or another folder is at its place. Nothing is synced or deleted.`, {
    reason: 'root-gone',
    hint,
  });

export const isRootGone = (error: unknown): error is HoldfastError =>
  isKind(error, 'io') && error.reason === 'root-gone';

/** An error of the disk as such says what it is, not where. */
export function unfit(folder: string, error: unknown): unknown {
  const reason = diskReason(error);
  if (!(error instanceof HoldfastError) || reason === null || reason === 'root-gone') return error;
  return new HoldfastError('io', `The folder ${folder} cannot be used: ${error.message}.`, { reason, cause: error });
}
