import { isEqual } from '../common/bytes.ts';
import { HoldfastError, isKind, securityError } from '../common/errors.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import {
  type IdentitySecrets,
  openIdentity,
  passwordKeys,
  type UnlockKeys,
  unwrapMasterKey,
} from '../crypto/account-keys.ts';
import { type AccountRecord, isAccountRecordSigned, parseAccountRecord } from '../crypto/account-record.ts';
import { wipe } from '../crypto/constant-time.ts';
import type { DeviceState } from '../crypto/device-state.ts';
import { downgraded, notAuthentic } from '../crypto/failure.ts';
import { checkKdf, hashKdf, type KdfParams } from '../crypto/kdf.ts';
import { type AccountKeys, accountKeys } from './account-keys.ts';
import type { LoginProof } from './login-proof.ts';
import { newestRecord, type SignedRecord } from './signed-record.ts';

/**
 * Opens the account with the keys of the password or the recovery words (crypto's `passwordKeys`, `recoveryKeys`). Everything
 * is checked before anything is used (F-REC-1). Throws E_AUTH (a wrong password looks the same as a mangled box),
 * E_KEYCHANGE, E_ROLLBACK.
 */
export function unlockAccount(
  record: SignedRecord,
  chain: AccountChain,
  slot: 'password' | 'recovery',
  unlock: UnlockKeys,
): AccountKeys {
  const parsed = parseAccountRecord(record.body);
  const { account, keyVersion } = parsed;
  const box = slot === 'password' ? parsed.wrapPassword : parsed.wrapRecovery;
  const masterKey = unwrapMasterKey(`wrap-${slot}`, unlock.kek, account, keyVersion, box);
  const secrets = openIdentity(masterKey, account, keyVersion, parsed.identity);
  return checkedKeys(record, chain, masterKey, secrets);
}

/**
 * Opens the account with the master key that this device keeps. `chain` must have been checked against this device's pin.
 * Throws as `unlockAccount`; `refused` (reason `sign-in`) when the master key was changed since.
 */
export function unlockWithDevice(record: SignedRecord, chain: AccountChain, state: DeviceState): AccountKeys {
  const { account } = parseAccountRecord(record.body);
  if (account !== chain.account) throw notAuthentic();
  if (!isAccountRecordSigned(record.body, record.signature, chain.identityKey)) throw notAuthentic();
  const parsed = newestRecord(record, chain);
  return checkedKeys(record, chain, state.masterKey, openKept(parsed, state.masterKey));
}

/** The record is authentic by now, so a box that does not open was sealed under another master key. */
function openKept(record: AccountRecord, masterKey: Uint8Array): IdentitySecrets {
  try {
    return openIdentity(masterKey, record.account, record.keyVersion, record.identity);
  } catch (cause) {
    if (!isKind(cause, 'security')) throw cause;
    throw new HoldfastError('refused', "The account's master key was changed on another device.", {
      reason: 'sign-in',
      hint: 'Sign in again with the password.',
    });
  }
}

function checkedKeys(
  record: SignedRecord,
  chain: AccountChain,
  masterKey: Uint8Array,
  secrets: IdentitySecrets,
): AccountKeys {
  const keys = accountKeys(parseAccountRecord(record.body).account, masterKey, secrets);
  if (!isAccountRecordSigned(record.body, record.signature, keys.identity.publicKey)) throw notAuthentic();
  const isKnown =
    isEqual(keys.identity.publicKey, chain.identityKey) && isEqual(keys.sealing.publicKey, chain.sealingKey);
  if (!isKnown) throw securityError('E_KEYCHANGE', "The account's keys are not the ones that its history names.");
  newestRecord(record, chain);
  return keys;
}

/**
 * What proves to the server that the account opens with this password; null if it does not. Slow by design. `record`: verified,
 * for it says how the password is stretched.
 */
export async function passwordProof(record: SignedRecord, password: string): Promise<LoginProof | null> {
  const { email, kdf, passwordLogin } = parseAccountRecord(record.body);
  checkKdf(kdf);
  const { kek, login } = await passwordKeys(password, kdf);
  wipe(kek);
  return isEqual(login.publicKey, passwordLogin) ? { method: 'password', key: login, email, kdf } : null;
}

/**
 * Refuses parameters for stretching a password, before the password is touched: weak ones or too costly ones (F-PWD-1), and,
 * where this device accepted a record before (`known`), any others than that record's (F-PWD-2).
 */
export function checkOfferedKdf(kdf: KdfParams, known: SignedRecord | null): void {
  checkKdf(kdf);
  if (known !== null && !isEqual(hashKdf(parseAccountRecord(known.body).kdf), hashKdf(kdf))) throw downgraded();
}
