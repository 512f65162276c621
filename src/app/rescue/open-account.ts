import { fromHex, isEqual } from '../../common/bytes.ts';
import { HoldfastError, must, securityError } from '../../common/errors.ts';
import { downgraded, notAuthentic } from '../../crypto/failure.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { signingKey } from '../../crypto/sign.ts';
import { type AgreementKey, agreementKey } from '../../crypto/x25519.ts';
import { type AccountChain, beginChain, extendChain, type SignedEvent } from './account-chain.ts';
import { decodeStructure, type Fields } from './fields.ts';
import type { AddProblem } from './report.ts';
import { deriveKey, isSignedBy, openSmallBox } from './small-box.ts';

export interface StoredAccount {
  /** As the row is filed; what counts is what the record says. */
  readonly account: string;
  readonly record: Uint8Array;
  readonly recordSignature: Uint8Array;
  /** How many events the account's chain has, as the server counts them. */
  readonly chainLength: number;
}

export interface OpenedAccount {
  readonly account: string;
  readonly email: string;
  readonly sealing: AgreementKey;
  readonly chain: AccountChain;
}

interface Record {
  readonly account: string;
  readonly email: string;
  readonly keyVersion: number;
  readonly wrapRecovery: Uint8Array;
  readonly identity: Uint8Array;
}

const maxRecordBytes = 16 * 1024;

function parseRecord(body: Uint8Array): Record {
  const fields = decodeStructure(body, 'account', maxRecordBytes);
  const account = fields.id();
  const version = fields.count();
  const email = fields.text();
  checkKdfShape(fields.fields());
  fields.bytes(32);
  fields.bytes(32);
  const keyVersion = fields.count();
  fields.bytes(104);
  const wrapRecovery = fields.bytes(104);
  const identity = fields.bytes();
  fields.end();
  if (version < 1 || keyVersion < 1) throw notAuthentic();
  return { account, email, keyVersion, wrapRecovery, identity };
}

/** F-CBOR-7. The password is not used here. */
function checkKdfShape(kdf: Fields): void {
  if (kdf.text() !== 'argon2id') throw downgraded();
  for (let i = 0; i < 3; i++) kdf.integer();
  kdf.bytes();
  kdf.end();
}

/** The account that the recovery key opens (FORMAT.md 13, step 1), or null. Throws nothing. */
export function masterKeyOf(stored: StoredAccount, recoveryKey: Uint8Array): Uint8Array | null {
  try {
    const { account, keyVersion, wrapRecovery } = parseRecord(stored.record);
    const kek = deriveKey(recoveryKey, 'recovery-kek', []);
    const key = openSmallBox('wrap-recovery', kek, [must(fromHex(account)), keyVersion], wrapRecovery);
    return key.length === 32 ? key : null;
  } catch {
    return null;
  }
}

/**
 * Verifies the record and the chain that go with an opened master key (step 2). What follows a damaged event is left
 * out and reported. Throws `security` if nothing can be believed.
 */
export function openAccount(
  stored: StoredAccount,
  masterKey: Uint8Array,
  eventsOf: (account: string) => Iterable<SignedEvent>,
  addProblem: AddProblem,
): OpenedAccount {
  const { account, email, keyVersion, identity } = parseRecord(stored.record);
  const id = must(fromHex(account));
  const box = openSmallBox('identity', deriveKey(masterKey, 'identity', [id]), [id, keyVersion], identity);
  const fields = decodeStructure(box, 'identity', maxRecordBytes);
  const signing = signingKey(fields.bytes(32));
  const sealing = agreementKey(fields.bytes(32));
  fields.bytes(32);
  fields.end();
  if (!isSignedBy(signing.publicKey, 'account', stored.record, stored.recordSignature)) throw notAuthentic();

  const chain = readChain(account, eventsOf(account), stored.chainLength, addProblem);
  if (!isEqual(chain.identity, signing.publicKey) || !isEqual(chain.sealing, sealing.publicKey)) {
    throw securityError('E_KEYCHANGE', "The account's chain was begun with other keys than its record holds.");
  }
  // Authentic, but perhaps old; what it opens is checked on its own. A client would stop here (F-REC-1).
  if (!isEqual(chain.records.at(-1) ?? new Uint8Array(), sha256(stored.record))) {
    addProblem({
      kind: 'account',
      message: 'The account record is not the one that the account chain names as its newest.',
    });
  }
  return { account, email, sealing, chain };
}

function readChain(
  account: string,
  events: Iterable<SignedEvent>,
  length: number,
  addProblem: AddProblem,
): AccountChain {
  let chain: AccountChain | null = null;
  const endsEarly = (position: number): void =>
    addProblem({
      kind: 'account',
      message: `The account chain is damaged after event ${position}: devices and vaults added later are not known.`,
    });
  try {
    for (const event of events) {
      if (chain === null) chain = beginChain(account, event);
      else extendChain(chain, event);
    }
    if (chain !== null && chain.position < length) endsEarly(chain.position);
  } catch (error) {
    if (chain === null) throw error;
    endsEarly(chain.position);
  }
  if (chain === null) {
    throw new HoldfastError(
      'corrupt',
      "The account's chain is not in this copy; nothing of the account can be verified.",
    );
  }
  return chain;
}
