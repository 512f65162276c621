import { constants } from 'node:fs';
import type { Disk } from './disk.ts';
import { writeAll } from './write-all.ts';

const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | (constants.O_NOFOLLOW ?? 0);

/**
 * A small file of our own, readable by the owner only; its content, not its name, is on the medium afterwards. A link that came
 * with the folder, out of an archive say, is not written through.
 */
export function writeSynced(disk: Disk, path: string, text: string): void {
  const bytes = new TextEncoder().encode(text);
  const handle = disk.openSync(path, flags, 0o600);
  try {
    writeAll(disk, handle, bytes);
    disk.fsyncSync(handle);
  } finally {
    disk.closeSync(handle);
  }
}
