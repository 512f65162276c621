import { constants } from 'node:fs';
import { diskError } from '../common/disk-error.ts';
import type { RelativePath } from '../common/relative-path.ts';
import { isSameState } from '../model/stat.ts';
import type { OpenFile } from './file-system.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { lookAt, toStat } from './node-stat.ts';

// Non-blocking: opening a pipe, or a file under a lease, must not wait for another program.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** See `DiskReader.openFile`. */
export function openFile(root: LocalRoot, path: RelativePath): OpenFile {
  const { disk } = root;
  const { folder, name } = entryOf(path);
  const look = () => root.inFolder(folder, (anchor) => lookAt(disk, anchor.at(name), root.hasStableIds));

  const { handle, stat } = root.inFolder(folder, (anchor) => {
    // Looked at before it is opened: opening a device can have effects.
    const before = lookAt(disk, anchor.at(name), root.hasStableIds);
    if (before === null) throw diskError('vanished');
    if (before.kind !== 'file') throw diskError(before.kind === 'symlink' ? 'symlink' : 'wrong-kind');
    const opened = disk.openSync(anchor.at(name), flags);
    // Through the name as well as the handle: only then all 64 bits of the file's id are known (see lookAt).
    if (disk.fstatSync(opened).isFile()) return { handle: opened, stat: before };
    disk.closeSync(opened);
    throw diskError('changed');
  });

  let isOpen = true;

  function isUnchanged(): boolean {
    const now = toStat(disk.fstatSync(handle), root.hasStableIds);
    if (now.size !== stat.size || now.mtimeUs !== stat.mtimeUs || now.ctimeUs !== stat.ctimeUs) return false;
    const named = look();
    return named !== null && isSameState(named, stat) && (now.ino === named.ino || !Number.isSafeInteger(now.ino));
  }

  return {
    stat,
    read: async (buffer, position) => {
      let done = 0;
      try {
        while (done < buffer.length) {
          const bytesRead = await disk.read(handle, buffer, done, buffer.length - done, position + done);
          if (bytesRead === 0) break;
          done += bytesRead;
        }
      } catch (error) {
        throw mapErrno(error);
      }
      return done;
    },
    isUnchanged: async () => {
      try {
        return isUnchanged();
      } catch {
        return false;
      }
    },
    // At once: nothing was written that would have to be waited for, and asking another thread takes longer than closing.
    close: async () => {
      if (isOpen) disk.closeSync(handle);
      isOpen = false;
    },
  };
}
