import { type DiskReason, diskError } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import { HoldfastError } from '../common/errors.ts';

const reasons: Readonly<Record<string, DiskReason>> = {
  ENOENT: 'vanished',
  EEXIST: 'exists',
  ENOTEMPTY: 'not-empty',
  ENOTDIR: 'wrong-kind',
  EISDIR: 'wrong-kind',
  ENXIO: 'wrong-kind',
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'denied',
  EPERM: 'denied',
  EBUSY: 'busy',
  ETXTBSY: 'busy',
  EAGAIN: 'busy',
  EMFILE: 'too-many-open',
  ENFILE: 'too-many-open',
  ENAMETOOLONG: 'too-long',
  EFBIG: 'too-large',
  EILSEQ: 'bad-name',
  // FAT and NTFS answer so to characters that they cannot hold; all other arguments are ours.
  EINVAL: 'bad-name',
  ELOOP: 'symlink',
  EXDEV: 'other-volume',
  ENOSYS: 'unsupported',
  ENOTSUP: 'unsupported',
  EOPNOTSUPP: 'unsupported',
  EMLINK: 'unsupported',
};

/** What the system said, as a `diskError`; errors of our own pass unchanged. */
export function mapErrno(error: unknown): HoldfastError {
  if (error instanceof HoldfastError) return error;
  const code = errnoOf(error);
  // The cause holds the path: only its code is kept, so that names stay out of messages and logs.
  if (code === null) return new HoldfastError('bug', 'the disk layer failed', { cause: error });
  return diskError(reasons[code] ?? 'failed', code);
}

/** Runs `work`; what it throws becomes a `diskError`. */
export function withErrno<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw mapErrno(error);
  }
}
