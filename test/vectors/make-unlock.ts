import { toHex } from '../../src/common/bytes.ts';
import { must } from '../../src/common/errors.ts';
import { type AccountId, idBytes, newId } from '../../src/common/ids.ts';
import { type AccountChain, extendAccountChain } from '../../src/crypto/account-chain.ts';
import {
  type AccountFact,
  encodeAccountEvent,
  type SignedAccountEvent,
  signAccountEvent,
} from '../../src/crypto/account-event.ts';
import {
  type IdentitySecrets,
  newIdentity,
  recoveryKeys,
  sealIdentity,
  wrapMasterKey,
} from '../../src/crypto/account-keys.ts';
import { type AccountRecord, encodeAccountRecord, signAccountRecord } from '../../src/crypto/account-record.ts';
import { sealBox } from '../../src/crypto/box.ts';
import { type Cbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { deriveKey } from '../../src/crypto/derive.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { type SigningKey, signingKey } from '../../src/crypto/sign.ts';
import { agreementKey } from '../../src/crypto/x25519.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import type { Json, VectorCase, VectorFile } from './case.ts';
import { bad } from './make-cbor.ts';
import { flip } from './mutate.ts';

const random = seededRandom('unlock');
const account = newId<AccountId>(random);
const recoveryKey = random.bytes(32);
const masterKey = random.bytes(32);
const secrets = newIdentity(random);
const { kek } = recoveryKeys(recoveryKey);
const kdf = { memoryKiB: 65_536, passes: 3, lanes: 1, salt: random.bytes(16) };
const keysOf = (of: IdentitySecrets): SigningKey => signingKey(of.signingSeed);

interface Change {
  readonly record?: Partial<AccountRecord>;
  /** What the identity box holds, and whose key signs the record. */
  readonly secrets?: IdentitySecrets;
  readonly signer?: SigningKey;
}

const record = (change: Change = {}, version = 1): { body: Uint8Array; signature: Uint8Array } => {
  const held = change.secrets ?? secrets;
  const body = encodeAccountRecord({
    account,
    version,
    email: 'ada@example.org',
    kdf,
    passwordLogin: random.bytes(32),
    recoveryLogin: recoveryKeys(recoveryKey).login.publicKey,
    keyVersion: 1,
    wrapPassword: wrapMasterKey('wrap-password', kek, account, 1, masterKey, random),
    wrapRecovery: wrapMasterKey('wrap-recovery', kek, account, 1, masterKey, random),
    identity: sealIdentity(masterKey, account, 1, held, random),
    ...change.record,
  });
  return { body, signature: signAccountRecord(body, change.signer ?? keysOf(held)) };
};

interface Links {
  readonly events: readonly SignedAccountEvent[];
  readonly chain: AccountChain;
}

/** The account's chain, honestly signed, that pins these records. */
function chainOf(records: readonly Uint8Array[], by: IdentitySecrets = secrets): Links {
  const identity = keysOf(by);
  const sealing = agreementKey(by.sealingPrivate);
  const facts: AccountFact[] = [
    { kind: 'genesis', identityKey: identity.publicKey, sealingKey: sealing.publicKey },
    ...records.map((body, at): AccountFact => ({ kind: 'record', version: at + 1, hash: sha256(body) })),
  ];
  const events: SignedAccountEvent[] = [];
  let chain: AccountChain | null = null;
  for (const fact of facts) {
    const prevHash: Uint8Array = chain?.head ?? new Uint8Array(32);
    const event = encodeAccountEvent({ account, seq: events.length + 1, prevHash, timeUs: 0, fact });
    const signed = signAccountEvent(event, identity);
    events.push(signed);
    chain = extendAccountChain(chain, account, [signed]);
  }
  return { events, chain: must(chain) };
}

const input = (
  signed: ReturnType<typeof record>,
  { events }: Pick<Links, 'events'>,
  pin: Json = null,
): Record<string, Json> => ({
  account,
  recoveryKey: toHex(recoveryKey),
  record: toHex(signed.body),
  signature: toHex(signed.signature),
  events: events.map(({ event, signature, deviceSignature }) => [
    toHex(event),
    toHex(signature),
    deviceSignature === null ? null : toHex(deviceSignature),
  ]),
  pin,
});

/** A box of any plaintext in the place of the identity. */
const identityBox = (fields: readonly Cbor[]): Uint8Array =>
  sealBox(
    'identity',
    deriveKey(masterKey, 'identity', [idBytes(account)]),
    [idBytes(account), 1],
    encodeCbor(fields),
    random,
  );

function cases(): VectorCase[] {
  const first = record();
  const second = record({}, 2);
  const both = chainOf([first.body, second.body]);
  const right = input(second, both);
  const output = {
    identityKey: toHex(keysOf(secrets).publicKey),
    sealingKey: toHex(agreementKey(secrets.sealingPrivate).publicKey),
    masterKey: toHex(masterKey),
    position: 3,
  };
  const pin = (position: number, head: Uint8Array = both.chain.head): Json => ({ position, head: toHex(head) });
  const hashAt = (at: number): Uint8Array => sha256(must(both.events[at]).event);
  const changed = (name: string, rule: string, change: Change, expect: VectorCase['expect'] = 'E_AUTH'): VectorCase => {
    const made = record(change);
    return bad(name, rule, input(made, chainOf([made.body])), expect);
  };
  const stranger = newIdentity(random);
  const { signingSeed, sealingPrivate, accountSecret } = secrets;
  const wrap = (slot: 'wrap-password' | 'wrap-recovery', of: AccountId = account, version = 1) =>
    wrapMasterKey(slot, kek, of, version, masterKey, random);
  return [
    { name: 'the newest of two records', rule: 'F-REC-1', input: right, expect: 'ok', output },
    {
      name: 'a chain seen before, and grown',
      rule: 'F-CHAIN-4',
      input: input(second, both, pin(2, hashAt(1))),
      expect: 'ok',
      output,
    },
    bad('an older record', 'F-REC-1', input(first, both), 'E_ROLLBACK'),
    bad('a chain that pins no record', 'F-REC-1', input(first, chainOf([])), 'E_ROLLBACK'),
    bad('a chain shorter than the one seen', 'F-CHAIN-4', input(first, chainOf([first.body]), pin(3)), 'E_ROLLBACK'),
    bad('a chain other than the one seen', 'F-CHAIN-4', input(second, both, pin(3, hashAt(1))), 'E_FORK'),
    bad('no chain for an account that was seen', 'F-REC-3', input(second, { events: [] }, pin(3)), 'E_ROLLBACK'),
    bad('no chain for an account that was not seen', 'F-CHAIN-1', input(second, { events: [] }), 'E_AUTH'),
    bad('other recovery words', 'F-BOX-2', { ...right, recoveryKey: '00'.repeat(32) }),
    bad('a bit of the signature', 'F-REC-1', { ...right, signature: flip(right['signature'] as string, 3) }),
    changed("signed by another than the identity box's key", 'F-REC-1', { signer: keysOf(stranger) }),
    changed("the password's wrap in the slot of the recovery words", 'F-BOX-3', {
      record: { wrapRecovery: wrap('wrap-password') },
    }),
    changed('a wrap of another account', 'F-BOX-3', { record: { wrapRecovery: wrap('wrap-recovery', newId(random)) } }),
    changed('a wrap of another key version', 'F-BOX-3', {
      record: { wrapRecovery: wrap('wrap-recovery', account, 2) },
    }),
    changed('a key version that the boxes are not of', 'F-BOX-3', { record: { keyVersion: 2 } }),
    changed('an identity of another account', 'F-BOX-3', {
      record: { identity: sealIdentity(masterKey, newId(random), 1, secrets, random) },
    }),
    changed('an identity under another master key', 'F-BOX-4', {
      record: { identity: sealIdentity(random.bytes(32), account, 1, secrets, random) },
    }),
    changed(
      'an identity of suite 2',
      'F-SUITE-1',
      { record: { identity: identityBox(['identity', 2, signingSeed, sealingPrivate, accountSecret]) } },
      'E_DOWNGRADE',
    ),
    changed('an identity of another name', 'F-BOX-2', {
      record: { identity: identityBox(['device-state', 1, signingSeed, sealingPrivate, accountSecret]) },
    }),
    changed('an identity without account secret', 'F-BOX-2', {
      record: { identity: identityBox(['identity', 1, signingSeed, sealingPrivate]) },
    }),
    changed('an identity with a short key', 'F-BOX-2', {
      record: { identity: identityBox(['identity', 1, signingSeed.slice(1), sealingPrivate, accountSecret]) },
    }),
    changed(
      'the signing key of another identity, all else in order',
      'F-KEY-1',
      { secrets: { ...secrets, signingSeed: stranger.signingSeed } },
      'E_KEYCHANGE',
    ),
    changed(
      'the sealing key of another identity, all else in order',
      'F-KEY-1',
      { secrets: { ...secrets, sealingPrivate: stranger.sealingPrivate } },
      'E_KEYCHANGE',
    ),
  ];
}

function offerCases(): VectorCase[] {
  const known = toHex(record().body);
  const offer = (change: Partial<typeof kdf>, isKnown = true): VectorCase['input'] => {
    const { memoryKiB, passes, lanes, salt } = { ...kdf, ...change };
    return { memoryKiB, passes, lanes, salt: toHex(salt), known: isKnown ? known : null };
  };
  const refused = (name: string, change: Partial<typeof kdf>): VectorCase =>
    bad(name, 'F-PWD-2', offer(change), 'E_DOWNGRADE');
  return [
    { name: 'as in the record', rule: 'F-PWD-2', input: offer({}), expect: 'ok' },
    { name: 'others, and no record is known', rule: 'F-PWD-2', input: offer({ passes: 4 }, false), expect: 'ok' },
    refused('more memory than in the record', { memoryKiB: 65_537 }),
    refused('more passes than in the record', { passes: 4 }),
    refused('more lanes than in the record', { lanes: 2 }),
    refused('another salt than in the record', { salt: random.bytes(16) }),
    bad('weak, and no record is known', 'F-PWD-1', offer({ passes: 2 }, false), 'E_DOWNGRADE'),
    bad('costly, and no record is known', 'F-PWD-1', offer({ passes: 11 }, false), 'E_LIMIT'),
  ];
}

export function unlockVectors(): VectorFile[] {
  return [
    {
      format: 'unlock',
      about:
        'FORMAT.md 7: record and chain, opened with the recovery key. `pin`: what the reader has seen of the chain.',
      cases: cases(),
    },
    {
      format: 'kdf-offer',
      about: 'FORMAT.md 7.1: parameters that a server offers, and the record known before.',
      cases: offerCases(),
    },
  ];
}
