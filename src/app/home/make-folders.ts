import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf } from '../../common/errno.ts';

/**
 * Makes a folder and those above it that are missing; false if it was there. Node's own way goes round for ever where a folder
 * that is there takes no other one and says that it does not exist, as `/proc` does, and what mounts by itself.
 */
export function makeFolders(path: string, mode = 0o777): boolean {
  if (isFolder(path)) return false;
  if (dirname(path) !== path) makeFolders(dirname(path), mode);
  try {
    mkdirSync(path, { mode });
    return true;
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST' || !isFolder(path)) throw error;
    return false;
  }
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
