import { errnoOf } from '../../common/errno.ts';
import { HoldfastError } from '../../common/errors.ts';

const sentences: Readonly<Record<string, readonly [reason: string, sentence: string]>> = {
  ENOSPC: ['disk-full', 'the disk is full; free some space'],
  EDQUOT: ['disk-full', 'the disk quota is used up; free some space'],
  EROFS: ['read-only', 'the disk is read-only'],
  EACCES: ['denied', 'permission denied'],
  EPERM: ['denied', 'permission denied'],
  ENAMETOOLONG: ['too-long', 'the name or path is too long for this disk'],
  ENOENT: ['vanished', 'it does not exist'],
  EEXIST: ['wrong-kind', 'something else has that name'],
  ENOTDIR: ['wrong-kind', 'a part of the path is not a folder'],
  EISDIR: ['wrong-kind', 'it is a folder'],
  ELOOP: ['symlink', 'the path goes through too many symbolic links'],
  EMFILE: ['failed', 'too many files are open'],
  ENFILE: ['failed', 'too many files are open'],
  // Of the server's database.
  SQLITE_FULL: ['disk-full', 'the disk is full; free some space'],
  SQLITE_CORRUPT: ['damaged', 'its database is damaged; put it back from a copy'],
  SQLITE_NOTADB: ['damaged', 'its database is damaged; put it back from a copy'],
};

/** A failure of Node's fs as an `io` error that says `what` did not work and why. Others pass as they are. */
export function explained(error: unknown, what: string): unknown {
  if (error instanceof HoldfastError) return error;
  const code = errnoOf(error);
  if (code === null) return error;
  // What removes whole trees has no code for a disk that is read-only, and then says: `, Unknown error: Read-only file system …`.
  const reported = code || (error as Error).message.replace(/^.*?Unknown error: /, '');
  const [reason, sentence] = sentences[code] ?? ['failed', `the system reported ${reported}`];
  return new HoldfastError('io', `${what}: ${sentence}.`, { reason, cause: error });
}

/** Runs `work`; an error of the file system says `what` did not work. */
export function explaining<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw explained(error, what);
  }
}
