import { closeSync, openSync } from 'node:fs';
import { errnoOf } from '../../common/errno.ts';
import { explained } from './errno.ts';

/**
 * Makes an empty file that only its owner can read, for SQLite to open: what SQLite makes beside it then has the same
 * mode. An existing file is not even opened, since closing it would free locks that this process has on it.
 */
export function makeOwned(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (error) {
    if (errnoOf(error) !== 'EEXIST') throw explained(error, 'A file of the Holdfast home cannot be made');
  }
}
