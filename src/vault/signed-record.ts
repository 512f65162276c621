import { isEqual } from '../common/bytes.ts';
import { HoldfastError, securityError } from '../common/errors.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { AccountFact } from '../crypto/account-event.ts';
import {
  type AccountRecord,
  encodeAccountRecord,
  hashAccountRecord,
  parseAccountRecord,
  signAccountRecord,
} from '../crypto/account-record.ts';
import { notAuthentic } from '../crypto/failure.ts';
import type { AccountKeys } from './account-keys.ts';

/** An account record as it is stored and sent. */
export interface SignedRecord {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
}

/** A record made here, and the fact with which the account chain pins it. */
export interface NewRecord {
  readonly signed: SignedRecord;
  readonly fact: AccountFact;
}

export function signRecord(keys: AccountKeys, record: AccountRecord): NewRecord {
  const body = encodeAccountRecord(record);
  return {
    signed: { body, signature: signAccountRecord(body, keys.identity) },
    fact: { kind: 'record', version: record.version, hash: hashAccountRecord(body) },
  };
}

/** Whether it is the newest record that the chain pins. Says nothing of the signature. */
export const isPinned = ({ body }: SignedRecord, { record }: AccountChain): boolean =>
  record !== null && isEqual(record.hash, hashAccountRecord(body));

/** The record, if it is the newest that the chain pins. Says nothing of the signature. Throws E_ROLLBACK if an older one, E_AUTH. */
export function newestRecord(record: SignedRecord, chain: AccountChain): AccountRecord {
  const parsed = parseAccountRecord(record.body);
  if (parsed.account !== chain.account) throw notAuthentic();
  if (!isPinned(record, chain)) {
    throw securityError('E_ROLLBACK', 'The server gave account keys that are not the newest.');
  }
  return parsed;
}

/** For a change: the record must be the newest that this device knows. Throws `conflict`. */
export function ownRecord(record: SignedRecord, chain: AccountChain): AccountRecord {
  if (!isPinned(record, chain)) {
    throw new HoldfastError('conflict', 'The account was changed on another device meanwhile. Try again.');
  }
  return parseAccountRecord(record.body);
}
