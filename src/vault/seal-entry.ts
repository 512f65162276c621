import type { Random } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { Author } from './author.ts';
import type { KeyRing } from './key-ring.ts';
import type { LogPosition } from './position.ts';
import type { OpenedEntry, RawEntry } from './replay.ts';
import type { EntryDraft } from './split-operations.ts';

/** An entry to append, and what opens once the server took it. `grants` go with an entry that begins an epoch. */
export interface SealedEntry {
  readonly raw: RawEntry & {
    readonly retained: NonNullable<RawEntry['retained']>;
    readonly released: NonNullable<RawEntry['released']>;
  };
  readonly grants: Uint8Array | null;
  readonly opened: OpenedEntry;
}

/** Whether the next entry has to begin a new epoch (F-EPOCH-3). `sealEntry` does so by itself; after a revocation, send an entry with no operations of its own at once. */
export function needsRotation(_position: LogPosition, _chain: AccountChain): boolean {
  throw new Error('not yet');
}

/**
 * Seals and signs the entry that follows `position`. A loser of the compare-and-swap replays what it missed and calls
 * this again: a seal is for one place only. A draft without operations is only for a rotation.
 */
export function sealEntry(
  _position: LogPosition,
  _keyRing: KeyRing,
  _author: Author,
  _draft: EntryDraft,
  _timeUs: number,
  _random: Random,
): SealedEntry {
  throw new Error('not yet');
}
