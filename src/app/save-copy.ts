import { mkdirSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, parse } from 'node:path';
import { HoldfastError } from '../common/errors.ts';
import type { RevisionId } from '../common/ids.ts';
import type { Pair } from '../engine/pair.ts';
import { errnoOf, explained } from './errno.ts';

const maxTries = 1000;

/**
 * Puts a copy of a file of the vault into `folder`, under its name or, where that is taken, a numbered one. Nothing is
 * overwritten; a copy that fails leaves nothing. The copy cannot be run: what a vault holds was written by other devices.
 */
export async function saveCopy(
  pair: Pair,
  path: string,
  revision: RevisionId | null,
  folder: string = join(homedir(), 'Downloads'),
): Promise<string> {
  const name = path.split('/').at(-1) ?? '';
  let made: { readonly file: string; readonly handle: FileHandle } | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    const { file, handle } = await makeFile(folder, name);
    made = { file, handle };
    const { size, mtimeUs } = await pair.copyOut(path, { revision }, async (plain) => {
      await handle.appendFile(plain);
    });
    if ((await handle.stat()).size !== size) throw new HoldfastError('bug', 'A copied content has another length.');
    await handle.utimes(new Date(), mtimeUs / 1e6);
    await handle.sync();
    await handle.close();
    return file;
  } catch (error) {
    if (made !== null) {
      await made.handle.close();
      await rm(made.file, { force: true });
    }
    throw explained(error, `A copy cannot be put into ${folder}`);
  }
}

async function makeFile(folder: string, name: string): Promise<{ file: string; handle: FileHandle }> {
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
