import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf } from '../../common/errno.ts';
import { HoldfastError } from '../../common/errors.ts';
import { markedName, nameForms } from '../rescue/safe-name.ts';

const maxTries = 1000;

/**
 * A file in `folder` that was not there, under `name` or, where that is taken, a numbered one; for its owner alone, and it
 * cannot be run. Nothing is overwritten.
 */
export async function newFile(
  folder: string,
  name: string,
): Promise<{ readonly file: string; readonly handle: FileHandle }> {
  const safe = safeName(name);
  for (let n = 0; n < maxTries; n++) {
    const file = join(folder, n === 0 ? safe : markedName(safe, String(n)));
    try {
      return { file, handle: await open(file, 'wx', 0o600) };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new HoldfastError('io', `${folder} holds too many copies of ${name} already.`, { reason: 'exists' });
}

/** As Windows and all usual disks hold it: what is saved here may be taken there. */
const safeName = (name: string): string => nameForms(name, 'win32')[0] || 'file';
