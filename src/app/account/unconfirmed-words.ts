import { parseAccountRecord } from '../../crypto/account-record.ts';
import type { SignedRecord } from '../../vault/signed-record.ts';
import { toBase64url } from '../../wire/base64url.ts';

/** What a home keeps of recovery words that were shown and not confirmed: the public key that they log in with. */
export const markOfWords = (record: SignedRecord): string => toBase64url(parseAccountRecord(record.body).recoveryLogin);
