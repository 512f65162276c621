import { HoldfastError } from './errors.ts';

/**
 * Why the local disk did not do what was asked, as a closed set.
 * Stale (`vanished`, `exists`, `changed`, `not-empty`, `wrong-kind`): the disk is not as it was planned on; observe again.
 * Blocked until something changes (`disk-full`, `read-only`, `denied`, `busy`, `too-many-open`, `online-only`, `failed`):
 * retry with back-off, show an issue.
 * Not possible as asked (`too-long`, `too-large`, `bad-name`, `symlink`, `other-volume`, `unsupported`): show an issue, do not retry.
 * - `symlink`: a parent is a link (or was swapped for one): nothing was touched.
 * - `root-gone`: the root is missing or another folder; park the whole pair.
 * - `failed`: an error of the device, or one that has no word here.
 */
export type DiskReason =
  | 'vanished'
  | 'exists'
  | 'changed'
  | 'not-empty'
  | 'wrong-kind'
  | 'disk-full'
  | 'read-only'
  | 'denied'
  | 'busy'
  | 'too-many-open'
  | 'online-only'
  | 'failed'
  | 'too-long'
  | 'too-large'
  | 'bad-name'
  | 'symlink'
  | 'other-volume'
  | 'unsupported'
  | 'root-gone';

const sentences: Record<DiskReason, string> = {
  vanished: 'the file or folder is no longer there',
  exists: 'something with this name is already there',
  changed: 'the file changed meanwhile',
  'not-empty': 'the folder is not empty',
  'wrong-kind': 'there is a folder where a file was expected, or a file where a folder was',
  'disk-full': 'the disk is full; free some space',
  'read-only': 'the disk is read-only',
  denied: 'permission denied; change the permissions of the file or folder',
  busy: 'another program is using the file; close it',
  'too-many-open': 'too many files are open',
  'online-only': 'it is only in iCloud; download it',
  failed: 'the disk reported an error',
  'too-long': 'the name or path is too long for this disk',
  'too-large': 'the file is too large for this disk',
  'bad-name': 'this disk cannot hold a file of this name',
  symlink: 'a folder on the way is a symbolic link; links are not followed',
  'other-volume': 'the folder lies on another disk than its root, or is mounted there',
  unsupported: 'this disk cannot do that',
  'root-gone': 'the synced folder is missing or was replaced by another one',
};

/** kind `io`; `reason` is a {@link DiskReason}. Names of a person's files are not in the message. */
export const diskError = (reason: DiskReason, cause?: unknown): HoldfastError =>
  new HoldfastError('io', sentences[reason], cause === undefined ? { reason } : { reason, cause });

/** The reason of an error of this module; null for any other error. */
export function diskReason(error: unknown): DiskReason | null {
  if (!(error instanceof HoldfastError) || error.kind !== 'io') return null;
  const reason = error.reason as DiskReason | undefined;
  return reason !== undefined && Object.hasOwn(sentences, reason) ? reason : null;
}

const stale: ReadonlySet<DiskReason> = new Set(['vanished', 'exists', 'changed', 'not-empty', 'wrong-kind']);

/** The disk is not as planned: observe again, then plan again. */
export const isStaleReason = (reason: DiskReason): boolean => stale.has(reason);
