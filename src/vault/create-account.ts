import { HoldfastError } from '../common/errors.ts';
import { type AccountId, newId, type Random } from '../common/ids.ts';
import { type AccountChain, extendAccountChain } from '../crypto/account-chain.ts';
import { encodeAccountEvent, type SignedAccountEvent, signAccountEvent } from '../crypto/account-event.ts';
import { newIdentity, passwordKeys, recoveryKeys, sealIdentity, wrapMasterKey } from '../crypto/account-keys.ts';
import { isEmail, normalEmail } from '../crypto/account-record.ts';
import { wipe } from '../crypto/constant-time.ts';
import { defaultKdf, type KdfParams } from '../crypto/kdf.ts';
import { newRecoveryKey, recoveryWords } from '../crypto/recovery.ts';
import { type AccountKeys, accountKeys, type DeviceKeys, newDeviceKeys } from './account-keys.ts';
import { deviceFact, takeStep } from './account-steps.ts';
import { passwordFault } from './password-strength.ts';
import { type SignedRecord, signRecord } from './signed-record.ts';

/** What stretching a password costs; without one, the default of suite 1. */
export type KdfCost = Omit<KdfParams, 'salt'>;

export interface NewAccount {
  readonly keys: AccountKeys;
  readonly device: DeviceKeys;
  readonly record: SignedRecord;
  /** Genesis, device-add, record 1: sent together. */
  readonly events: readonly SignedAccountEvent[];
  readonly chain: AccountChain;
  /** 24 words, to be shown once. */
  readonly recoveryWords: string;
}

/** Slow by design (Argon2id). Throws `usage` for a weak password or an address that is none. */
export async function createAccount(input: {
  readonly email: string;
  readonly password: string;
  readonly deviceName: string;
  readonly nowUs: number;
  readonly random: Random;
  readonly cost?: KdfCost | undefined;
}): Promise<NewAccount> {
  const { password, nowUs, random } = input;
  const email = normalEmail(input.email);
  if (!isEmail(email)) throw new HoldfastError('usage', 'This is not an e-mail address.');
  assertStrongPassword(password, email);

  const account = newId<AccountId>(random);
  const masterKey = random.bytes(32);
  const recoveryKey = newRecoveryKey(random);
  const kdf: KdfParams = newKdf(random, input.cost);
  const keys = accountKeys(account, masterKey, newIdentity(random));
  const device = newDeviceKeys(random);
  const byPassword = await passwordKeys(password, kdf);
  const byRecovery = recoveryKeys(recoveryKey);
  const record = signRecord(keys, {
    account,
    version: 1,
    email,
    kdf,
    passwordLogin: byPassword.login.publicKey,
    recoveryLogin: byRecovery.login.publicKey,
    keyVersion: 1,
    wrapPassword: wrapMasterKey('wrap-password', byPassword.kek, account, 1, masterKey, random),
    wrapRecovery: wrapMasterKey('wrap-recovery', byRecovery.kek, account, 1, masterKey, random),
    identity: sealIdentity(masterKey, account, 1, keys.secrets, random),
  });
  const words = recoveryWords(recoveryKey);
  wipe(byPassword.kek, byRecovery.kek, recoveryKey);

  const genesis = signAccountEvent(
    encodeAccountEvent({
      account,
      seq: 1,
      prevHash: new Uint8Array(32),
      timeUs: nowUs,
      fact: { kind: 'genesis', identityKey: keys.identity.publicKey, sealingKey: keys.sealing.publicKey },
    }),
    keys.identity,
  );
  const first = extendAccountChain(null, account, [genesis]);
  const joined = takeStep(keys, first, deviceFact(keys, device, input.deviceName, random), nowUs, device.signing);
  const pinned = takeStep(keys, joined.chain, record.fact, nowUs);
  return {
    keys,
    device,
    record: record.signed,
    events: [genesis, joined.event, pinned.event],
    chain: pinned.chain,
    recoveryWords: words,
  };
}

export function assertStrongPassword(password: string, email: string): void {
  const fault = passwordFault(password, email);
  if (fault !== null) throw new HoldfastError('usage', fault, { reason: 'password-weak' });
}

export const newKdf = (random: Random, cost: KdfCost = defaultKdf): KdfParams => ({ ...cost, salt: random.bytes(16) });
