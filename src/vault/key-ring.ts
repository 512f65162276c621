import type { AccountId, Random, VaultId } from '../common/ids.ts';
import type { AgreementKey } from '../crypto/x25519.ts';
import type { AccountKeys } from './account-keys.ts';
import type { LogPosition } from './position.ts';

/** Keys of one epoch. */
export interface EpochKeys {
  readonly vaultKey: Uint8Array;
  readonly log: Uint8Array;
  readonly checkpoint: Uint8Array;
}

/** The keys of one vault that this account holds, and the key that opens its grants. A value: nothing changes it. */
export interface KeyRing {
  readonly vault: VaultId;
  readonly account: AccountId;
  readonly sealing: AgreementKey;
  /** Only epochs that a signed entry or checkpoint pins. */
  readonly epochs: ReadonlyMap<number, EpochKeys>;
}

/** Before any epoch is known. */
export function emptyKeyRing(_keys: AccountKeys, _vault: VaultId): KeyRing {
  throw new Error('not yet');
}

/**
 * The ring for a position that was replayed before, from the grants of each epoch (as the server gave them; the caller
 * keeps them). Throws `missing` (reason `grants`) if one is not there, E_MEMBER if one is not what the log pins.
 */
export function openKeyRing(
  _keys: AccountKeys,
  _position: LogPosition,
  _grants: ReadonlyMap<number, Uint8Array>,
): KeyRing {
  throw new Error('not yet');
}

/** Key of the local content hash; stays on this device. */
export function dedupKey(_ring: KeyRing): Uint8Array {
  throw new Error('not yet');
}

/** Makes a vault key and its grants: for a new vault, or a rotation. */
export function newEpoch(
  _place: { readonly vault: VaultId; readonly epoch: number },
  _members: readonly { readonly account: AccountId; readonly sealingKey: Uint8Array }[],
  _random: Random,
): { readonly keys: EpochKeys; readonly grants: Uint8Array } {
  throw new Error('not yet');
}
