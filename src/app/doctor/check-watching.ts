import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { errnoOf } from '../../common/errno.ts';
import { type Finding, fine, skipped } from './check.ts';

/**
 * Folders take one watch each on Linux, of a number that all programs of a person share; so what Holdfast needs itself does
 * not tell whether there is one left.
 *
 * @param folders how many are to be watched.
 * @param probe any folder: a watch of it is asked for.
 * @param open in place of `fs.watch`, for tests of the system's limits.
 */
export async function checkWatching(
  folders: number,
  probe: string,
  open: (folder: string) => { close(): void } = watch,
): Promise<Finding> {
  if (process.platform !== 'linux') return skipped('This system needs no watch for each folder.');
  const limit = Number(await readFile('/proc/sys/fs/inotify/max_user_watches', 'utf8'));
  const more = `max_user_watches=${Math.max(524_288, folders * 4, limit * 2)}`;
  try {
    open(probe).close();
  } catch (error) {
    const code = errnoOf(error);
    if (code === 'ENOSPC') return tooFew(noneLeft, more);
    if (code === 'EMFILE') return tooFew(noneLeft, 'max_user_instances=1024');
    throw error;
  }
  if (folders * 1.2 < limit) return fine(`${folders} folders to watch; the system allows ${limit}.`);
  return tooFew(`${folders} folders to watch, but the system allows ${limit} for all programs.`, more);
}

const noneLeft = 'No more folders can be watched: other programs use all that the system allows.';

const tooFew = (what: string, setting: string): Finding => ({
  result: 'warning',
  message: [what, 'The rest is checked from time to time.'].join(' '),
  hint: `Raise it with: sysctl fs.inotify.${setting}`,
});
