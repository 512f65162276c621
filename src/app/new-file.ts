import { type FileHandle, open } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { HoldfastError } from '../common/errors.ts';
import { errnoOf } from './errno.ts';

const maxTries = 1000;

/**
 * A file in `folder` that was not there, under `name` or, where that is taken, a numbered one; for its owner alone, and it
 * cannot be run. Nothing is overwritten.
 */
export async function newFile(
  folder: string,
  name: string,
): Promise<{ readonly file: string; readonly handle: FileHandle }> {
  const { name: stem, ext } = parse(safeName(name));
  for (let n = 0; n < maxTries; n++) {
    const file = join(folder, n === 0 ? `${stem}${ext}` : `${stem} (${n})${ext}`);
    try {
      return { file, handle: await open(file, 'wx', 0o600) };
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  }
  throw new HoldfastError('io', `${folder} holds too many copies of ${name} already.`, { reason: 'exists' });
}

/** Names are checked when entries are opened; no system lets these through as a name. */
const safeName = (name: string): string => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const safe = name.replaceAll(/[/\\:*?"<>|\u0000-\u001f]/g, '_').slice(-200);
  return safe === '' || safe === '.' || safe === '..' ? 'file' : safe;
};
