import { type AccountId, idBytes } from '../common/ids.ts';
import { encodeCbor } from './cbor.ts';
import { notAuthentic } from './failure.ts';
import { bytesOf, countOf, decodeStructure, idOf, textOf } from './fields.ts';
import { type KdfParams, kdfFields, parseKdf } from './kdf.ts';
import { suite } from './labels.ts';
import { sha256 } from './sha256.ts';
import { isSigned, type SigningKey, signMessage } from './sign.ts';

/** What the server keeps of an account: how to log in, and sealed keys (FORMAT.md 7.2). */
export interface AccountRecord {
  readonly account: AccountId;
  /** From 1; the account chain pins the newest. */
  readonly version: number;
  readonly email: string;
  readonly kdf: KdfParams;
  /** Ed25519 public keys with which a login is verified. */
  readonly passwordLogin: Uint8Array;
  readonly recoveryLogin: Uint8Array;
  /** Generation of the master key, from 1. */
  readonly keyVersion: number;
  /** Boxes. */
  readonly wrapPassword: Uint8Array;
  readonly wrapRecovery: Uint8Array;
  readonly identity: Uint8Array;
}

const maxAccountRecordLength = 16 * 1024;

/** The exact bytes that are signed and hashed. */
export const encodeAccountRecord = (record: AccountRecord): Uint8Array =>
  encodeCbor([
    'account',
    suite,
    idBytes(record.account),
    record.version,
    record.email,
    kdfFields(record.kdf),
    record.passwordLogin,
    record.recoveryLogin,
    record.keyVersion,
    record.wrapPassword,
    record.wrapRecovery,
    record.identity,
  ]);

/** Throws E_LIMIT, E_AUTH or E_DOWNGRADE. Says nothing about the signature, nor whether the kdf is strong enough. */
export function parseAccountRecord(bytes: Uint8Array): AccountRecord {
  const fields = decodeStructure(bytes, 'account', 12, maxAccountRecordLength);
  const email = textOf(fields[4]);
  if (!isEmail(email)) throw notAuthentic();
  return {
    account: idOf(fields[2]),
    version: countOf(fields[3], 1),
    email,
    kdf: parseKdf(fields[5]),
    passwordLogin: bytesOf(fields[6], 32),
    recoveryLogin: bytesOf(fields[7], 32),
    keyVersion: countOf(fields[8], 1),
    wrapPassword: bytesOf(fields[9], 104),
    wrapRecovery: bytesOf(fields[10], 104),
    identity: bytesOf(fields[11]),
  };
}

/** The form in which e-mail addresses are stored and compared (FORMAT.md 7.1). */
export const normalEmail = (email: string): string => email.normalize('NFKC').trim().toLowerCase();

/** Whether this is an address in normal form. */
export function isEmail(email: string): boolean {
  const length = new TextEncoder().encode(email).length;
  return length >= 3 && length <= 254 && email.includes('@') && email === normalEmail(email);
}

/** What the account chain's `record` event pins. */
export const hashAccountRecord = (record: Uint8Array): Uint8Array => sha256(record);

export const signAccountRecord = (record: Uint8Array, identity: SigningKey): Uint8Array =>
  signMessage('account', record, identity);

export const isAccountRecordSigned = (record: Uint8Array, signature: Uint8Array, identityKey: Uint8Array): boolean =>
  isSigned('account', record, signature, identityKey);
