import type { Disk } from './disk.ts';

/** Fills `buffer` from `position` as far as the file goes; the number of bytes. Throws what the system throws. */
export async function readAll(disk: Disk, handle: number, buffer: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < buffer.length) {
    const bytesRead = await disk.read(handle, buffer, done, buffer.length - done, position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
