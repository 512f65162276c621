import { type FileHandle, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { HoldfastError } from '../../common/errors.ts';
import type { NodeId, RevisionId } from '../../common/ids.ts';
import type { Pair } from '../../engine/pair.ts';
import { timeText } from '../../local/time-text.ts';
import { explained } from './errno.ts';
import { makeFolders } from './make-folders.ts';
import { newFile } from './new-file.ts';

/** Where a person looks for what was saved. */
export const downloadsFolder = (): string => join(homedir(), 'Downloads');

/**
 * Puts a copy of a file of the vault among the downloads, under its name or, where that is taken, a numbered one. Nothing is
 * overwritten; a copy that fails leaves nothing. The copy cannot be run: what a vault holds was written by other devices.
 */
export async function saveCopy(
  pair: Pair,
  path: string,
  which: { readonly revision: RevisionId | null; readonly node: NodeId | null },
): Promise<string> {
  const folder = downloadsFolder();
  const name = path.split('/').at(-1) ?? '';
  let made: { readonly file: string; readonly handle: FileHandle } | null = null;
  try {
    makeFolders(folder);
    const { file, handle } = await newFile(folder, name);
    made = { file, handle };
    const { size, mtimeUs } = await pair.copyOut(path, which, async (plain) => {
      await handle.appendFile(plain);
    });
    if ((await handle.stat()).size !== size) throw new HoldfastError('bug', 'A copied content has another length.');
    await handle.utimes(new Date(), timeText(mtimeUs));
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
