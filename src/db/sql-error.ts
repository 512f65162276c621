import Database from 'better-sqlite3';
import { HoldfastError } from '../common/errors.ts';

const unreadable = /^SQLITE_(CORRUPT|NOTADB|FORMAT|SCHEMA)/;
const inUse = /^SQLITE_(BUSY|LOCKED|PROTOCOL)/;
const disk = /^SQLITE_(IOERR|READONLY|CANTOPEN|PERM|NOLFS|NOMEM|AUTH)/;

export const corruptIndex = (cause?: unknown): HoldfastError =>
  new HoldfastError('corrupt', 'The local index cannot be read. It will be set aside and rebuilt.', { cause });

/** What a failure of SQLite means to the caller. Errors of ours pass through. */
export function sqlError(error: unknown): unknown {
  if (!(error instanceof Database.SqliteError)) return error;
  if (unreadable.test(error.code)) return corruptIndex(error);
  if (error.code === 'SQLITE_FULL') {
    return new HoldfastError('io', 'The disk that holds the local index is full. Free some space.', {
      reason: 'disk-full',
      cause: error,
    });
  }
  if (inUse.test(error.code)) {
    return new HoldfastError('io', 'The local index is in use by another process.', { reason: 'in-use', cause: error });
  }
  if (disk.test(error.code)) {
    return new HoldfastError('io', 'The local index cannot be read or written. Check its disk and permissions.', {
      cause: error,
    });
  }
  return new HoldfastError('bug', `The local index refused a statement (${error.code}).`, {
    reason: 'statement',
    cause: error,
  });
}

/** Of an error while opening: statements that fit the schema are refused only where a damaged file holds another one. */
export const openingError = (error: unknown): unknown =>
  error instanceof HoldfastError && error.reason === 'statement' ? corruptIndex(error) : error;
