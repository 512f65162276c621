import { constants } from 'node:fs';
import { diskReason } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import type { Disk } from './disk.ts';
import type { LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';

/** Up to so many are synced one by one: a sync of the volume also waits for what other programs wrote. */
const fewEnough = 16;
const atATime = 8;

/** Windows has no handles of folders to flush; NTFS journals names itself. */
const canSyncFolders = process.platform !== 'win32';

// Windows flushes only through handles that may write.
const flags = process.platform === 'win32' ? constants.O_RDWR : constants.O_RDONLY;

/** What a file system says that has no such thing for folders (those that VirtualBox shares): their entries are up to it. */
const isNoFolderSync = (error: unknown): boolean => errnoOf(error) === 'EINVAL';

async function syncOne(disk: Disk, path: string): Promise<void> {
  const handle = disk.openSync(path, flags);
  try {
    await disk.fsync(handle);
  } finally {
    disk.closeSync(handle);
  }
}

/** Without giving way: what comes next must not begin before this is on the medium. `path`: a file or folder. */
export function syncNow(disk: Disk, path: string): void {
  const handle = disk.openSync(path, flags);
  try {
    disk.fsyncSync(handle);
  } finally {
    disk.closeSync(handle);
  }
}

/** The same for the entries of a folder, where that can be asked for. */
export function syncFolderNow(disk: Disk, path: string): void {
  if (!canSyncFolders) return;
  try {
    syncNow(disk, path);
  } catch (error) {
    if (!isNoFolderSync(error)) throw error;
  }
}

export interface SyncTarget {
  /** The folder that is synced, or that holds `name`. */
  readonly folder: readonly string[];
  /** A file in the folder; null for the folder itself. */
  readonly name: string | null;
}

async function syncTarget(root: LocalRoot, target: SyncTarget): Promise<void> {
  if (target.name === null && !canSyncFolders) return;
  const anchor = root.openFolder(target.folder);
  try {
    await syncOne(root.disk, target.name === null ? `${anchor.folder}/.` : anchor.at(target.name));
  } catch (error) {
    if (target.name === null && isNoFolderSync(error)) return;
    throw mapErrno(error);
  } finally {
    anchor.close();
  }
}

/** At its place there is nothing any more, or something else. */
const goneReasons: ReadonlySet<string | null> = new Set(['vanished', 'wrong-kind', 'symlink']);

/**
 * All targets are on the medium afterwards but those that are gone, which are returned: their parents' sync says so. Of many that
 * go together nobody knows.
 */
export async function syncTargets<Target extends SyncTarget>(
  root: LocalRoot,
  targets: readonly Target[],
): Promise<readonly Target[]> {
  const gone: Target[] = [];
  if (targets.length === 0) return gone;
  if (targets.length > fewEnough) {
    const anchor = root.openFolder([]);
    try {
      if (await root.disk.syncVolume(`${anchor.folder}/.`)) return gone;
    } finally {
      anchor.close();
    }
  }
  const queue = targets.values();
  const work = async (): Promise<void> => {
    for (const target of queue) {
      try {
        await syncTarget(root, target);
      } catch (error) {
        if (!goneReasons.has(diskReason(error))) throw error;
        gone.push(target);
      }
    }
  };
  const workers = Array.from({ length: Math.min(atATime, targets.length) }, work);
  const outcomes = await Promise.allSettled(workers);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return gone;
}
