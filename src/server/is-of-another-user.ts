import { mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errnoOf } from '../common/errno.ts';

/**
 * Whether `file` is there and belongs to somebody else than what this process makes beside it. Root may write into anybody's
 * folder, and what it leaves there its owner cannot read. On disks that give all files to one user, whoever made them, nobody
 * is somebody else.
 */
export function isOfAnotherUser(file: string): boolean {
  const owner = statSync(file, { throwIfNoEntry: false })?.uid;
  if (owner === undefined || process.geteuid === undefined || owner === process.geteuid()) return false;
  try {
    const trial = mkdtempSync(join(dirname(file), 'whose-'));
    const made = statSync(trial).uid;
    rmdirSync(trial);
    return made !== owner;
  } catch (error) {
    if (errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return true;
    throw error;
  }
}
