import type { PairState, PairStatus } from '../../model/status.ts';
import { waitingChanges } from '../../rpc/waiting-changes.ts';

/** A command that only looked into the vault knows no more of the folder than what was known before it. */
export function endingWith(ending: PairStatus, before: PairStatus): PairStatus {
  if (ending.state !== 'scanning' || before.lastSyncedAt === null) return ending;
  if (waitingChanges(ending) > 0) return { ...ending, message: 'Changes wait for a sync' };
  return isPassing(before.state)
    ? ending
    : { ...ending, state: before.state, message: before.message, since: before.since };
}

/** Soon followed by another state: not worth a write to the disk. */
export const isPassing = (state: PairState): boolean => state === 'scanning' || state === 'syncing';

/** What a server that cannot be asked makes doubtful; a stop, or a folder that is missing, it does not end. */
export const isOfSyncing = (state: PairState): boolean =>
  isPassing(state) || state === 'up-to-date' || state === 'offline';
