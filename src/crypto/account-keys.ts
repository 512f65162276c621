import { type AccountId, type DeviceId, idBytes, type Random } from '../common/ids.ts';
import { openBox, sealBox } from './box.ts';
import { encodeCbor } from './cbor.ts';
import { wipe } from './constant-time.ts';
import { deriveKey } from './derive.ts';
import { notAuthentic } from './failure.ts';
import { bytesOf, decodeStructure } from './fields.ts';
import type { KdfParams } from './kdf.ts';
import { suite } from './labels.ts';
import { stretchPassword } from './password.ts';
import { type SigningKey, signingKey } from './sign.ts';
import { type AgreementKey, agreementKey } from './x25519.ts';

/** Secrets of an account as random bytes; the key pairs are made of them. */
export interface IdentitySecrets {
  readonly signingSeed: Uint8Array;
  readonly sealingPrivate: Uint8Array;
  /** Seals what only this account's devices read, such as device names. */
  readonly accountSecret: Uint8Array;
}

/** Keys that a password or recovery words give: one opens the master key, one logs in. */
export interface UnlockKeys {
  readonly kek: Uint8Array;
  readonly login: SigningKey;
}

type Slot = 'wrap-password' | 'wrap-recovery';

/** Slow by design (about half a second). Throws E_DOWNGRADE or E_LIMIT before the password is touched. */
export async function passwordKeys(password: string, kdf: KdfParams): Promise<UnlockKeys> {
  const stretched = await stretchPassword(password, kdf);
  const keys = unlockKeys(stretched, 'password');
  wipe(stretched);
  return keys;
}

/** `recoveryKey`: of `parseRecoveryWords`. */
export const recoveryKeys = (recoveryKey: Uint8Array): UnlockKeys => unlockKeys(recoveryKey, 'recovery');

function unlockKeys(secret: Uint8Array, kind: 'password' | 'recovery'): UnlockKeys {
  const seed = deriveKey(secret, `${kind}-login`, []);
  const login = signingKey(seed);
  wipe(seed);
  return { kek: deriveKey(secret, `${kind}-kek`, []), login };
}

export const wrapMasterKey = (
  slot: Slot,
  kek: Uint8Array,
  account: AccountId,
  keyVersion: number,
  masterKey: Uint8Array,
  random: Random,
): Uint8Array => sealBox(slot, kek, [idBytes(account), keyVersion], masterKey, random);

/** Throws E_AUTH: a wrong password and a mangled box look the same. */
export const unwrapMasterKey = (
  slot: Slot,
  kek: Uint8Array,
  account: AccountId,
  keyVersion: number,
  box: Uint8Array,
): Uint8Array => bytesOf(openBox(slot, kek, [idBytes(account), keyVersion], box), 32);

export const newIdentity = (random: Random): IdentitySecrets => ({
  signingSeed: random.bytes(32),
  sealingPrivate: random.bytes(32),
  accountSecret: random.bytes(32),
});

/** The key pairs; public halves recomputed. */
export const identityKeys = (
  secrets: IdentitySecrets,
): { readonly signing: SigningKey; readonly sealing: AgreementKey } => ({
  signing: signingKey(secrets.signingSeed),
  sealing: agreementKey(secrets.sealingPrivate),
});

export function sealIdentity(
  masterKey: Uint8Array,
  account: AccountId,
  keyVersion: number,
  secrets: IdentitySecrets,
  random: Random,
): Uint8Array {
  const plain = encodeCbor(['identity', suite, secrets.signingSeed, secrets.sealingPrivate, secrets.accountSecret]);
  const box = sealBox('identity', identityBoxKey(masterKey, account), [idBytes(account), keyVersion], plain, random);
  wipe(plain);
  return box;
}

/** Throws E_AUTH. */
export function openIdentity(
  masterKey: Uint8Array,
  account: AccountId,
  keyVersion: number,
  box: Uint8Array,
): IdentitySecrets {
  const plain = openBox('identity', identityBoxKey(masterKey, account), [idBytes(account), keyVersion], box);
  const fields = decodeStructure(plain, 'identity', 5, 256);
  wipe(plain);
  return {
    signingSeed: bytesOf(fields[2], 32),
    sealingPrivate: bytesOf(fields[3], 32),
    accountSecret: bytesOf(fields[4], 32),
  };
}

const identityBoxKey = (masterKey: Uint8Array, account: AccountId): Uint8Array =>
  deriveKey(masterKey, 'identity', [idBytes(account)]);

const maxDeviceName = 128;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The name is cut to 128 bytes of UTF-8 at a character. */
export function sealDeviceName(
  accountSecret: Uint8Array,
  account: AccountId,
  device: DeviceId,
  name: string,
  random: Random,
): Uint8Array {
  const plain = new Uint8Array(maxDeviceName);
  const { written } = new TextEncoder().encodeInto(name.toWellFormed() || 'device', plain);
  const key = deriveKey(accountSecret, 'device-name', [idBytes(account)]);
  return sealBox('device-name', key, [idBytes(account), idBytes(device)], plain.subarray(0, written), random);
}

/** Throws E_AUTH. */
export function openDeviceName(
  accountSecret: Uint8Array,
  account: AccountId,
  device: DeviceId,
  box: Uint8Array,
): string {
  const key = deriveKey(accountSecret, 'device-name', [idBytes(account)]);
  const plain = openBox('device-name', key, [idBytes(account), idBytes(device)], box);
  if (plain.length < 1 || plain.length > maxDeviceName) throw notAuthentic();
  try {
    return utf8.decode(plain);
  } catch {
    throw notAuthentic();
  }
}
