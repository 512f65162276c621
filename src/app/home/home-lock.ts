import { dirname } from 'node:path';
import Database from 'better-sqlite3';
import { HoldfastError } from '../../common/errors.ts';
import { isOfAnotherUser } from '../../server/is-of-another-user.ts';
import { explained } from './errno.ts';
import { makeOwned } from './owned-file.ts';

export interface HomeLock {
  release(): void;
}

// A database that is no longer referenced is closed by the garbage collector, and the lock would go with it.
const held = new Set<Database.Database>();

/**
 * Takes the home for this process; null if another one (or another lock of this one) has it. The lock is SQLite's, on the
 * file itself, so the kernel frees it when the process dies, whatever way. Nothing else may open that file: closing it
 * would free the lock on some systems. Throws `refused` (reason `other-user`) if the home is somebody else's.
 */
export function tryLock(lockFile: string): HomeLock | null {
  let database: Database.Database | null = null;
  try {
    makeOwned(lockFile);
    database = new Database(lockFile, { timeout: 0 });
    // In memory: no journal file may stay behind a process that was killed.
    database.pragma('journal_mode = MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    // Not before: whose daemon runs can be asked by root, too.
    if (isOfAnotherUser(lockFile)) throw ofAnotherUser(dirname(lockFile));
    const taken = database;
    held.add(taken);
    return {
      release: () => {
        held.delete(taken);
        taken.close();
      },
    };
  } catch (error) {
    database?.close();
    const code = error instanceof Database.SqliteError ? error.code : '';
    if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) return null;
    if (code === 'SQLITE_CANTOPEN' && isOfAnotherUser(lockFile)) throw ofAnotherUser(dirname(lockFile));
    if (code === '') throw explained(error, 'The home cannot be locked');
    throw new HoldfastError('io', 'The Holdfast home cannot be locked; its disk may be full or read-only.', {
      reason: 'lock',
      cause: error,
    });
  }
}

const ofAnotherUser = (home: string): HoldfastError =>
  new HoldfastError('refused', `The Holdfast home ${home} belongs to another user of this computer.`, {
    reason: 'other-user',
    hint: `Run it as that user, without sudo, or first give the whole folder to the one who runs it: chown -R USER ${home}`,
  });
