import { isEqual, toHex } from '../common/bytes.ts';
import { HoldfastError, must, securityError } from '../common/errors.ts';
import { type AccountId, idBytes, type Random, type VaultId } from '../common/ids.ts';
import { deriveKey } from '../crypto/derive.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { openGrant, sealGrant } from '../crypto/grant.ts';
import { encodeGrants, parseGrants } from '../crypto/grants.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { AgreementKey } from '../crypto/x25519.ts';
import type { AccountKeys } from './account-keys.ts';
import type { EpochStart, LogPosition } from './position.ts';

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
export const emptyKeyRing = (keys: Pick<AccountKeys, 'account' | 'sealing'>, vault: VaultId): KeyRing => ({
  vault,
  account: keys.account,
  sealing: keys.sealing,
  epochs: new Map(),
});

/**
 * The ring for a position that was replayed before, from the grants of each epoch (as the server gave them; the caller
 * keeps them). Throws `missing` (reason `grants`) if one is not there, E_MEMBER if one is not what the log pins.
 */
export const openKeyRing = (
  keys: Pick<AccountKeys, 'account' | 'sealing'>,
  position: LogPosition,
  grants: ReadonlyMap<number, Uint8Array>,
): KeyRing => openPinned(emptyKeyRing(keys, position.vault), position.epochs, grants);

/** Opens every epoch that signed `starts` pin. Throws as `openKeyRing`. */
export function openPinned(
  ring: KeyRing,
  starts: readonly EpochStart[],
  grants: ReadonlyMap<number, Uint8Array>,
): KeyRing {
  let opened = ring;
  for (const { epoch, grantsHash } of starts) {
    const bytes = grants.get(epoch);
    if (bytes === undefined) throw missingGrants();
    if (toHex(sha256(bytes)) !== grantsHash) throw notPinned();
    opened = withEpoch(opened, epoch, openEpoch(opened, epoch, bytes));
  }
  return opened;
}

/**
 * Keys of an epoch that nothing pins yet: to be believed only once a signed entry or checkpoint under them pins these
 * grants (F-EPOCH-1). Throws E_MEMBER if they hold none for this account, E_AUTH, E_DOWNGRADE, E_LIMIT.
 */
export function openEpoch(ring: KeyRing, epoch: number, grants: Uint8Array): EpochKeys {
  const parsed = parseGrants(grants);
  if (parsed.vault !== ring.vault || parsed.epoch !== epoch) throw notAuthentic();
  const own = parsed.grants.find((item) => item.account === ring.account);
  if (own === undefined) throw securityError('E_MEMBER', 'A new key of this vault was not given to this account.');
  const place = { vault: ring.vault, epoch, recipient: ring.account };
  return epochKeys(ring.vault, epoch, openGrant(place, ring.sealing, own.grant));
}

export const withEpoch = (ring: KeyRing, epoch: number, keys: EpochKeys): KeyRing => ({
  ...ring,
  epochs: new Map(ring.epochs).set(epoch, keys),
});

export const epochKeysOf = (ring: KeyRing, epoch: number): EpochKeys =>
  must(ring.epochs.get(epoch), 'the key ring lacks an epoch of its position');

export const missingGrants = (): HoldfastError =>
  new HoldfastError('missing', 'The server does not give the keys of this vault at the moment.', { reason: 'grants' });

export const notPinned = (): HoldfastError =>
  securityError('E_MEMBER', 'The server gave a vault key that none of your devices made.');

function epochKeys(vault: VaultId, epoch: number, vaultKey: Uint8Array): EpochKeys {
  const context = [idBytes(vault), epoch];
  return {
    vaultKey,
    log: deriveKey(vaultKey, 'log', context),
    checkpoint: deriveKey(vaultKey, 'checkpoint', context),
  };
}

/** Makes a vault key and its grants: for a new vault, or a rotation. */
export function newEpoch(
  place: { readonly vault: VaultId; readonly epoch: number },
  members: readonly { readonly account: AccountId; readonly sealingKey: Uint8Array }[],
  random: Random,
): { readonly keys: EpochKeys; readonly grants: Uint8Array } {
  const vaultKey = random.bytes(32);
  const grants = members
    .map(({ account, sealingKey }) => ({
      account,
      grant: sealGrant({ ...place, recipient: account }, sealingKey, vaultKey, random),
    }))
    .sort((a, b) => (a.account < b.account ? -1 : 1));
  return { keys: epochKeys(place.vault, place.epoch, vaultKey), grants: encodeGrants({ ...place, grants }) };
}

/** Refuses to seal to keys that are not the ones that the account chain vouches for (F-KEY-1). */
export function assertOwnKey(ring: KeyRing, chain: { readonly sealingKey: Uint8Array }): void {
  if (!isEqual(ring.sealing.publicKey, chain.sealingKey)) {
    throw securityError('E_KEYCHANGE', "The account's keys are not the ones that its history names.");
  }
}

/** Key of the local content hash; stays on this device. */
export const dedupKey = (ring: KeyRing): Uint8Array =>
  deriveKey(epochKeysOf(ring, 1).vaultKey, 'dedup', [idBytes(ring.vault)]);

/** Key of what the local index keeps of contents; stays on this device. */
export const indexKey = (ring: KeyRing): Uint8Array =>
  deriveKey(epochKeysOf(ring, 1).vaultKey, 'index', [idBytes(ring.vault)]);
