import { diskError } from '../common/disk-error.ts';
import type { Disk } from './disk.ts';

/** Writes `bytes` from the file's beginning on, without giving way. */
export function writeAll(disk: Disk, handle: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length; ) {
    const written = disk.writeSync(handle, bytes, done, bytes.length - done, done);
    if (written === 0) throw diskError('disk-full');
    done += written;
  }
}
