import { diskError } from '../common/disk-error.ts';
import type { RelativePath } from '../common/relative-path.ts';
import { isSameState, type Stat } from '../model/stat.ts';
import { closeRead } from './close-read.ts';
import type { OpenFile } from './file-system.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { lookAt, toStat } from './node-stat.ts';
import { noFollow, readFlags } from './open-flags.ts';
import { readAll } from './read-all.ts';

export interface OpenedEntry {
  readonly handle: number;
  /** As of the opening. */
  readonly stat: Stat;
}

/** Opens what its name showed to be a regular file. Throws what the system throws, or why it is none. */
export function openSeen({ disk, hasStableIds }: LocalRoot, path: string): OpenedEntry {
  // Looked at before it is opened: opening a device can have effects.
  const stat = lookAt(disk, path, hasStableIds);
  if (stat === null) throw diskError('vanished');
  if (stat.kind !== 'file') throw diskError(stat.kind === 'symlink' ? 'symlink' : 'wrong-kind');
  return { handle: disk.openSync(path, readFlags), stat };
}

/**
 * As `openSeen` with a look less, for what was a regular file when its folder was listed a moment ago. What took its place since is
 * opened and closed at most.
 */
export function openListed(root: LocalRoot, path: string): OpenedEntry {
  const { disk, hasStableIds } = root;
  // Only then is what was opened certainly what has the name, and known by its whole id (see lookAt).
  if (!hasStableIds || noFollow === 0) return openSeen(root, path);
  let handle: number | null = null;
  try {
    handle = disk.openSync(path, readFlags);
    const stat = toStat(disk.fstatSync(handle), hasStableIds);
    if (stat.kind === 'file' && Number.isSafeInteger(stat.ino)) return { handle, stat };
  } catch {
    // The other way says what there is.
  }
  if (handle !== null) closeRead(disk, handle);
  return openSeen(root, path);
}

/**
 * What was opened is the file that was seen, and is as it was then: what was read of it meanwhile is its content. That it
 * lost its name would show, too, where that is a change of the file, as on all disks of Linux. Throws what the system throws.
 */
export function isAsSeen(root: LocalRoot, path: string, opened: OpenedEntry): boolean {
  const { disk, hasStableIds } = root;
  const { handle, stat } = opened;
  const now = toStat(disk.fstatSync(handle), hasStableIds);
  // Without all 64 bits of the file's id only its name tells which one it is (see lookAt).
  if (!hasStableIds || !Number.isSafeInteger(now.ino)) {
    return now.kind === 'file' && isAsOpened(root, opened, () => lookAt(disk, path, hasStableIds));
  }
  return isSameState(now, stat);
}

/** Opens a regular file. Throws what the system throws, or why it is none. */
function openEntry(root: LocalRoot, path: string): OpenedEntry {
  const { disk } = root;
  const { handle, stat } = openSeen(root, path);
  // Through the name as well as the handle: only then all 64 bits of the file's id are known (see lookAt).
  if (disk.fstatSync(handle).isFile()) return { handle, stat };
  closeRead(disk, handle);
  throw diskError('changed');
}

/** The file is as it was when it was opened. `look`: what has its name now. Throws what the system throws. */
function isAsOpened(
  { disk, hasStableIds }: LocalRoot,
  { handle, stat }: OpenedEntry,
  look: () => Stat | null,
): boolean {
  const now = toStat(disk.fstatSync(handle), hasStableIds);
  if (now.size !== stat.size || now.mtimeUs !== stat.mtimeUs || now.ctimeUs !== stat.ctimeUs) return false;
  const named = look();
  return named !== null && isSameState(named, stat) && (now.ino === named.ino || !Number.isSafeInteger(now.ino));
}

/** See `DiskReader.openFile`. */
export function openFile(root: LocalRoot, path: RelativePath): OpenFile {
  const { disk } = root;
  const { folder, name } = entryOf(path);
  const opened = root.inFolder(folder, (anchor) => openEntry(root, anchor.at(name)));
  const { handle, stat } = opened;
  const look = () => root.inFolder(folder, (anchor) => lookAt(disk, anchor.at(name), root.hasStableIds));
  let isOpen = true;

  return {
    stat,
    read: async (buffer, position) => {
      try {
        return await readAll(disk, handle, buffer, position);
      } catch (error) {
        throw mapErrno(error);
      }
    },
    isUnchanged: async () => {
      try {
        return isAsOpened(root, opened, look);
      } catch {
        return false;
      }
    },
    // At once: nothing was written that would have to be waited for, and asking another thread takes longer than closing.
    close: async () => {
      if (isOpen) closeRead(disk, handle);
      isOpen = false;
    },
  };
}
