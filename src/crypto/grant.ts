import { concat } from '../common/bytes.ts';
import { type AccountId, idBytes, type Random, type VaultId } from '../common/ids.ts';
import { encodeCbor } from './cbor.ts';
import { downgraded, notAuthentic } from './failure.ts';
import { hpkeOpen, hpkeSeal } from './hpke.ts';
import { labelPrefix } from './labels.ts';
import type { AgreementKey } from './x25519.ts';

/** What a grant is bound to: it opens for this recipient, vault and epoch only. */
export interface GrantPlace {
  readonly vault: VaultId;
  readonly epoch: number;
  readonly recipient: AccountId;
}

const kemX25519 = 1;
const noAad = new Uint8Array();

const grantInfo = (place: GrantPlace): Uint8Array =>
  concat(labelPrefix('grant'), encodeCbor([idBytes(place.vault), place.epoch, idBytes(place.recipient)]));

/** Seals a vault key (32 bytes) to an account's X25519 identity key. */
export const sealGrant = (
  place: GrantPlace,
  recipientKey: Uint8Array,
  vaultKey: Uint8Array,
  random: Random,
): Uint8Array =>
  concat(Uint8Array.of(kemX25519), hpkeSeal(recipientKey, grantInfo(place), noAad, vaultKey, random.bytes(32)));

/**
 * The vault key that a grant holds. Anyone can make a grant: the key is to be believed only once a signed entry under it
 * pins the grants (F-EPOCH-1). Throws E_AUTH or E_DOWNGRADE.
 */
export function openGrant(place: GrantPlace, recipientKey: AgreementKey, grant: Uint8Array): Uint8Array {
  if (grant[0] !== kemX25519) throw downgraded();
  const vaultKey = hpkeOpen(recipientKey, grantInfo(place), noAad, grant.subarray(1));
  if (vaultKey.length !== 32) throw notAuthentic();
  return vaultKey;
}
