import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { directUnit, isDirectRefused } from '../../common/direct-io.ts';
import { isPageAligned } from '../page-aligned.ts';

/** Below this a copy costs no more than the disk's answer. */
const leastBytes = 1024 * 1024;

type OpenDirectly = (path: string) => Promise<Pick<FileHandle, 'read' | 'close'>>;

/** Linux alone has the flag. */
const openDirectly: OpenDirectly | null =
  constants.O_DIRECT === undefined ? null : (path) => open(path, constants.O_RDONLY | constants.O_DIRECT);

export type DirectReader = (path: string, bytes: Buffer) => Promise<number>;

/**
 * Reads the beginning of a file past the system's cache: what a device fetches of large objects goes out once, and would only
 * drive out what is asked for again. Only into memory as the disk wants it, which may be filled beyond `bytes` by what follows
 * in the file; answers how many of `bytes` are there, 0 where the file system refuses. Whoever asked reads the rest.
 */
export function createDirectReader(openFile: OpenDirectly | null = openDirectly): DirectReader {
  let isRefused = false;

  return async (path, bytes) => {
    if (openFile === null || isRefused || bytes.length < leastBytes || !isPageAligned(bytes)) return 0;
    const whole = Math.ceil(bytes.length / directUnit) * directUnit;
    const memory = Buffer.from(bytes.buffer, 0, Math.min(whole, bytes.buffer.byteLength));
    let handle: Awaited<ReturnType<OpenDirectly>> | null = null;
    let at = 0;
    try {
      handle = await openFile(path);
      // After a part of a block the rest cannot go this way: that is the end of the file, or a call that was cut short.
      while (at < bytes.length && at % directUnit === 0) {
        const { bytesRead } = await handle.read(memory, at, memory.length - at, at);
        if (bytesRead === 0) break;
        at += bytesRead;
      }
    } catch (error) {
      if (!isDirectRefused((error as NodeJS.ErrnoException).code)) throw error;
      isRefused = true;
    } finally {
      await handle?.close();
    }
    return Math.min(at, bytes.length);
  };
}
