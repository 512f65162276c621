import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { directUnit, isDirectRefused } from '../../common/direct-io.ts';
import { isPageAligned } from '../page-aligned.ts';

/** Below this a second open file costs more than the copy. */
const leastBytes = 1024 * 1024;

type OpenDirectly = (path: string) => Promise<Pick<FileHandle, 'write' | 'close'>>;

/** Linux alone has the flag. */
const openDirectly: OpenDirectly | null =
  constants.O_DIRECT === undefined ? null : (path) => open(path, constants.O_WRONLY | constants.O_DIRECT);

/**
 * Writes the beginning of a new file past the system's cache: copying a large object into the cache costs more processor time
 * than everything else a server does with it. Only writes what is aligned in memory as the disk wants it; answers how many bytes
 * that was, 0 where the file system refuses. The caller writes the rest, and syncs: this alone makes nothing durable.
 */
export function createDirectWriter(
  openFile: OpenDirectly | null = openDirectly,
): (path: string, bytes: Uint8Array) => Promise<number> {
  let isRefused = false;

  return async (path, bytes) => {
    if (openFile === null || isRefused || bytes.length < leastBytes || !isPageAligned(bytes)) return 0;
    const whole = bytes.length - (bytes.length % directUnit);
    let handle: Awaited<ReturnType<OpenDirectly>> | null = null;
    let at = 0;
    try {
      handle = await openFile(path);
      // After a part of a block the rest cannot go this way.
      while (at < whole && at % directUnit === 0) {
        const { bytesWritten } = await handle.write(bytes, at, whole - at, at);
        if (bytesWritten === 0) break;
        at += bytesWritten;
      }
    } catch (error) {
      if (!isDirectRefused((error as NodeJS.ErrnoException).code)) throw error;
      isRefused = true;
    } finally {
      await handle?.close();
    }
    return at;
  };
}
