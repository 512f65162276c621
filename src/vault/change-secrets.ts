import type { Random } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import { passwordKeys, recoveryKeys, wrapMasterKey } from '../crypto/account-keys.ts';
import type { AccountRecord } from '../crypto/account-record.ts';
import { wipe } from '../crypto/constant-time.ts';
import { newRecoveryKey, recoveryWords } from '../crypto/recovery.ts';
import type { AccountKeys } from './account-keys.ts';
import { type ChainStep, takeStep } from './account-steps.ts';
import { assertStrongPassword, type KdfCost, newKdf } from './create-account.ts';
import { ownRecord, type SignedRecord, signRecord } from './signed-record.ts';

/** A step of the account chain that comes with a new account record. */
export interface RecordStep extends ChainStep {
  readonly record: SignedRecord;
}

interface Change {
  readonly keys: AccountKeys;
  readonly chain: AccountChain;
  /** The newest. */
  readonly record: SignedRecord;
  readonly nowUs: number;
  readonly random: Random;
}

/**
 * A new password; also after `unlockAccount` with recovery words, which stay valid. Slow by design. Throws `usage` for a weak
 * password, `conflict` if the record is not the newest.
 */
export async function changePassword(
  change: Change & { readonly password: string; readonly cost?: KdfCost | undefined },
): Promise<RecordStep> {
  const { keys, chain, password, random } = change;
  const record = ownRecord(change.record, chain);
  assertStrongPassword(password, record.email);
  const kdf = newKdf(random, change.cost);
  const { kek, login } = await passwordKeys(password, kdf);
  const wrapPassword = wrapMasterKey('wrap-password', kek, keys.account, record.keyVersion, keys.masterKey, random);
  wipe(kek);
  return replaceRecord(change, { ...record, kdf, passwordLogin: login.publicKey, wrapPassword });
}

/** New recovery words, to be shown once; the old ones no longer open the newest record. Throws `conflict` as above. */
export function changeRecoveryWords(change: Change): RecordStep & { readonly recoveryWords: string } {
  const { keys, chain, random } = change;
  const record = ownRecord(change.record, chain);
  const recoveryKey = newRecoveryKey(random);
  const { kek, login } = recoveryKeys(recoveryKey);
  const wrapRecovery = wrapMasterKey('wrap-recovery', kek, keys.account, record.keyVersion, keys.masterKey, random);
  const step = replaceRecord(change, { ...record, recoveryLogin: login.publicKey, wrapRecovery });
  const words = recoveryWords(recoveryKey);
  wipe(kek, recoveryKey);
  return { ...step, recoveryWords: words };
}

function replaceRecord({ keys, chain, nowUs }: Change, record: AccountRecord): RecordStep {
  const next = signRecord(keys, { ...record, version: record.version + 1 });
  return { record: next.signed, ...takeStep(keys, chain, next.fact, nowUs) };
}
