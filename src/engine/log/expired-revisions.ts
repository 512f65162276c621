import type { RevisionId } from '../../common/ids.ts';
import type { RevisionInfo, Stamp, VaultRow } from '../../db/index-port.ts';

/** How long versions and deleted files are kept. All times in milliseconds. */
export interface RetentionPolicy {
  /** A version that was replaced, or whose file was deleted, is kept this long after it. */
  readonly historyMs: number;
  /** So many versions of a live file, newest first, are kept however old they are. */
  readonly newest: number;
  /** Files in the trash of the folder. */
  readonly trashMs: number;
  /** What was changed by whom: activity, and what can be undone. */
  readonly journalMs: number;
}

const days = 24 * 60 * 60_000;

/** Documented in README.md. */
export const defaultRetention: RetentionPolicy = {
  historyMs: 30 * days,
  newest: 10,
  trashMs: 30 * days,
  journalMs: 30 * days,
};

/**
 * The versions of one file that need not be kept: never the current one of a live file. `kept`: newest first. `isOld`: of
 * what ended a version, which is the version after it or the delete.
 */
export function expiredRevisions(
  file: VaultRow,
  kept: readonly RevisionInfo[],
  isOld: (stamp: Stamp) => boolean,
  newest: number,
): RevisionId[] {
  if (file.isDeleted && isOld(file)) return kept.map((info) => info.revision);
  const expired: RevisionId[] = [];
  for (const [at, info] of kept.entries()) {
    const successor = kept[at - 1];
    if (at < newest || successor === undefined || info.revision === file.revision) continue;
    if (isOld(successor)) expired.push(info.revision);
  }
  return expired;
}
