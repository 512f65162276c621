import type { ObjectId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { EntryHeader } from '../crypto/entry-header.ts';
import type { KeyRing } from './key-ring.ts';
import type { DecodedOperation } from './operation-codec.ts';
import type { LogPosition } from './position.ts';
import type { Stamp } from './vault-tree.ts';

/** An entry as the server gives it; the lists null when they were not asked for. */
export interface RawEntry {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly retained: readonly ObjectId[] | null;
  readonly released: readonly ObjectId[] | null;
}

/** A verified entry. `position` and `keyRing` hold once the operations are applied, in one transaction. */
export interface OpenedEntry {
  readonly position: LogPosition;
  readonly keyRing: KeyRing;
  readonly header: EntryHeader;
  readonly operations: readonly DecodedOperation[];
  /** For `applyOperations`. */
  readonly stamp: Stamp;
}

/**
 * Checks the entry that follows `position` (FORMAT.md 10, in that order) and opens it. `chain` is the author's account
 * chain, verified and as new as the server gives. `grants`: of the epoch that this entry begins, if `beginsEpoch`.
 * Throws a `security` error with the class of FORMAT.md, which freezes the vault (reason `chain-stale` when the account
 * head is unknown: fetch the chain anew once before believing it); `missing` (reason `grants`); or `version`.
 */
export function openEntry(
  _position: LogPosition,
  _keyRing: KeyRing,
  _chain: AccountChain,
  _raw: RawEntry,
  _grants?: Uint8Array,
): OpenedEntry {
  throw new Error('not yet');
}

/** The epoch whose grants `openEntry` will need for this entry; null for most. Believes nothing of it. */
export function beginsEpoch(_position: LogPosition, _raw: RawEntry): number | null {
  throw new Error('not yet');
}
