import { renameSync } from 'node:fs';
import { errnoOf } from '../../common/errno.ts';

/** Milliseconds between the tries. */
const pauses = [1, 5, 20, 50, 100, 200, 400];
const passing: ReadonlySet<string | null> = new Set(['EPERM', 'EACCES', 'EBUSY']);

/**
 * Renames a file over another one. Windows refuses that while someone has the other one open, a reader for a moment or a virus
 * scanner: there it is tried again for most of a second. The parameters but the first two are for tests.
 */
export function replaceFile(from: string, to: string, platform = process.platform, rename = renameSync): void {
  for (let tries = 0; ; tries++) {
    try {
      rename(from, to);
      return;
    } catch (error) {
      const pause = pauses[tries];
      if (platform !== 'win32' || pause === undefined || !passing.has(errnoOf(error))) throw error;
      wait(pause);
    }
  }
}

const wait = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
