import { constants } from 'node:fs';
import { diskError } from '../common/disk-error.ts';
import type { Disk } from './disk.ts';

const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC;

/** A small file of our own, readable by the owner only; its content, not its name, is on the medium afterwards. */
export function writeSynced(disk: Disk, path: string, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const handle = disk.openSync(path, flags, 0o600);
  try {
    for (let done = 0; done < bytes.length; ) {
      const written = disk.writeSync(handle, bytes, done, bytes.length - done, done);
      if (written === 0) throw diskError('disk-full');
      done += written;
    }
    disk.fsyncSync(handle);
  } finally {
    disk.closeSync(handle);
  }
}
