import { toHex } from '../../src/common/bytes.ts';
import { type AccountId, type DeviceId, idBytes, newId, type VaultId } from '../../src/common/ids.ts';
import {
  type AccountFact,
  encodeAccountEvent,
  hashAccountEvent,
  type SignedAccountEvent,
  signAccountEvent,
} from '../../src/crypto/account-event.ts';
import { sealDeviceName, sealIdentity, wrapMasterKey } from '../../src/crypto/account-keys.ts';
import { encodeAccountRecord, signAccountRecord } from '../../src/crypto/account-record.ts';
import { encodeCbor } from '../../src/crypto/cbor.ts';
import { sealGrant } from '../../src/crypto/grant.ts';
import { encodeGrants } from '../../src/crypto/grants.ts';
import { hashKdf } from '../../src/crypto/kdf.ts';
import { type LoginChallenge, signLogin } from '../../src/crypto/login.ts';
import { recoveryWords } from '../../src/crypto/recovery.ts';
import { type SigningKey, signingKey, signMessage } from '../../src/crypto/sign.ts';
import { agreementKey } from '../../src/crypto/x25519.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import type { VectorCase, VectorFile } from './case.ts';
import { bad, good } from './make-cbor.ts';
import { bytes, cut, flip, structureFaults, withField } from './mutate.ts';
import { readers, toJson } from './run-case.ts';

const random = seededRandom('account vectors');
const account = newId<AccountId>(random);
const seeds = { signingSeed: random.bytes(32), sealingPrivate: random.bytes(32), accountSecret: random.bytes(32) };
const identity = signingKey(seeds.signingSeed);
const sealing = agreementKey(seeds.sealingPrivate);
const stranger = signingKey(random.bytes(32));
const kdf = { memoryKiB: 65_536, passes: 3, lanes: 1, salt: random.bytes(16) };
const zeros = new Uint8Array(32);

const kdfInput = (change: Partial<typeof kdf>): VectorCase['input'] => {
  const { memoryKiB, passes, lanes, salt } = { ...kdf, ...change };
  return { memoryKiB, passes, lanes, salt: toHex(salt) };
};

function kdfCases(): VectorCase[] {
  const refused = (name: string, change: Partial<typeof kdf>, expect: 'E_DOWNGRADE' | 'E_LIMIT') =>
    bad(name, 'F-PWD-1', kdfInput(change), expect);
  return [
    good('kdf', 'the floor', 'F-PWD-1', kdfInput({})),
    good('kdf', 'the default', 'F-PWD-1', kdfInput({ memoryKiB: 131_072 })),
    good('kdf', 'the ceiling', 'F-PWD-1', kdfInput({ memoryKiB: 1_048_576, passes: 10, lanes: 4 })),
    refused('8 KiB', { memoryKiB: 8 }, 'E_DOWNGRADE'),
    refused('a KiB under the floor', { memoryKiB: 65_535 }, 'E_DOWNGRADE'),
    refused('two passes', { passes: 2 }, 'E_DOWNGRADE'),
    refused('no lane', { lanes: 0 }, 'E_DOWNGRADE'),
    refused('no salt', { salt: new Uint8Array() }, 'E_DOWNGRADE'),
    refused('salt of 7 bytes', { salt: kdf.salt.slice(0, 7) }, 'E_DOWNGRADE'),
    refused('salt of 15 bytes', { salt: kdf.salt.slice(1) }, 'E_DOWNGRADE'),
    refused('salt of zeros', { salt: new Uint8Array(16) }, 'E_DOWNGRADE'),
    refused('a KiB over the ceiling', { memoryKiB: 1_048_577 }, 'E_LIMIT'),
    refused('4 TiB', { memoryKiB: 2 ** 32 }, 'E_LIMIT'),
    refused('eleven passes', { passes: 11 }, 'E_LIMIT'),
    refused('five lanes', { lanes: 5 }, 'E_LIMIT'),
    refused('2^24 lanes', { lanes: 2 ** 24 }, 'E_LIMIT'),
  ];
}

async function passwordCases(): Promise<VectorCase[]> {
  const input = (password: string) => ({ password, ...kdfInput({}) });
  const right = input('correct horse Ⅻ é');
  const output = toJson(await readers['password']?.(right));
  return [
    { name: 'composed', rule: 'F-PWD-1', input: right, expect: 'ok', output },
    {
      name: 'decomposed, the same',
      rule: 'F-PWD-1',
      input: input('correct horse XII e\u0301'),
      expect: 'ok',
      output,
    },
    bad('empty', 'F-PWD-1', input(''), 'usage'),
    bad('over 1024 bytes', 'F-PWD-1', input('a'.repeat(1025)), 'usage'),
  ];
}

function recoveryCases(): VectorCase[] {
  const words = recoveryWords(random.bytes(32));
  const list = words.split(' ');
  const refused = (name: string, text: string) => bad(name, 'F-LOGIN-2', { words: text }, 'usage');
  const [first, second, ...rest] = list;
  return [
    good('recovery', '24 words', 'F-BOX-4', { words }),
    good('recovery', 'capitals, tabs and lines', 'F-BOX-4', {
      words: ` ${words.toUpperCase().replaceAll(' ', '\t\n')} `,
    }),
    good('recovery', 'all zeros', 'F-BOX-4', { words: recoveryWords(zeros) }),
    refused('23 words', list.slice(1).join(' ')),
    refused('12 words, right by themselves', `${'abandon '.repeat(11)}about`),
    refused('two words exchanged', [second, first, ...rest].join(' ')),
    refused('a word that is none', [...list.slice(0, 23), 'holdfast'].join(' ')),
    refused('checksum wrong', `${'abandon '.repeat(23)}abandon`),
    refused('nothing', ''),
  ];
}

function recordCases(): VectorCase[] {
  const masterKey = random.bytes(32);
  const record = encodeAccountRecord({
    account,
    version: 1,
    email: 'ada@example.org',
    kdf,
    passwordLogin: random.bytes(32),
    recoveryLogin: random.bytes(32),
    keyVersion: 1,
    wrapPassword: wrapMasterKey('wrap-password', random.bytes(32), account, 1, masterKey, random),
    wrapRecovery: wrapMasterKey('wrap-recovery', random.bytes(32), account, 1, masterKey, random),
    identity: sealIdentity(masterKey, account, 1, seeds, random),
  });
  const signed = (hex: string, by: SigningKey = identity): VectorCase['input'] => ({
    record: hex,
    signature: toHex(signAccountRecord(bytes(hex), by)),
    identityKey: toHex(identity.publicKey),
  });
  const hex = toHex(record);
  const right = signed(hex);
  const email = (value: string) => signed(withField(hex, 4, value));
  const kdfHex = toHex(encodeCbor(['argon2id', kdf.memoryKiB, kdf.passes, kdf.lanes, kdf.salt]));
  const salted = encodeCbor(['argon2i', 65_536, 3, 1, kdf.salt]);
  return [
    good('account-record', 'version 1', 'F-REC-1', right),
    bad('signed by another', 'F-REC-1', signed(hex, stranger)),
    bad('a bit of the signature', 'F-REC-1', { ...right, signature: flip(right['signature'] as string, 40) }),
    bad('changed after signing', 'F-REC-1', { ...right, record: withField(hex, 3, 2) }),
    bad('signed as an event', 'F-SUITE-2', {
      ...right,
      signature: toHex(signMessage('account-event', record, identity)),
    }),
    bad('e-mail in capitals', 'F-REC-1', email('Ada@example.org')),
    bad('e-mail without @', 'F-REC-1', email('ada.example.org')),
    bad('e-mail with white space', 'F-REC-1', email(' ada@example.org')),
    bad('another kdf', 'F-PWD-1', signed(hex.replace(kdfHex, toHex(salted))), 'E_DOWNGRADE'),
    bad(
      'a kdf with an element more',
      'F-CBOR-7',
      signed(withField(hex, 5, ['argon2id', 65_536, 3, 1, kdf.salt, null])),
    ),
    bad('version 0', 'F-REC-2', signed(withField(hex, 3, 0))),
    bad('key version 0', 'F-REC-2', signed(withField(hex, 8, 0))),
    bad('16 KiB and more', 'F-CBOR-5', signed(withField(hex, 11, new Uint8Array(16_384))), 'E_LIMIT'),
    ...structureFaults(hex).map((fault) => bad(fault.name, fault.rule, signed(fault.hex), fault.expect)),
  ];
}

interface Link {
  readonly fact: AccountFact;
  readonly by?: SigningKey;
  readonly device?: SigningKey;
  readonly change?: { readonly seq?: number; readonly prevHash?: Uint8Array; readonly account?: AccountId };
}

/** Signed events that follow one another, but for what a link changes. */
function chain(links: readonly Link[]): SignedAccountEvent[] {
  let prevHash: Uint8Array = zeros;
  return links.map(({ fact, by = identity, device, change }, at) => {
    const event = encodeAccountEvent({
      account,
      seq: at + 1,
      prevHash,
      timeUs: 1_700_000_000_000_000 + at,
      fact,
      ...change,
    });
    prevHash = hashAccountEvent(event);
    return signAccountEvent(event, by, device);
  });
}

const chainInput = (events: readonly SignedAccountEvent[]): VectorCase['input'] => ({
  account,
  events: events.map(({ event, signature, deviceSignature }) => [
    toHex(event),
    toHex(signature),
    deviceSignature === null ? null : toHex(deviceSignature),
  ]),
});

function chainCases(): VectorCase[] {
  const device = newId<DeviceId>(random);
  const deviceKey = signingKey(random.bytes(32));
  const second = newId<DeviceId>(random);
  const secondKey = signingKey(random.bytes(32));
  const vault = newId<VaultId>(random);
  const genesis: Link = { fact: { kind: 'genesis', identityKey: identity.publicKey, sealingKey: sealing.publicKey } };
  const add = (id: DeviceId, key: SigningKey, name: string): Link => ({
    fact: {
      kind: 'device-add',
      device: id,
      signingKey: key.publicKey,
      sealingKey: agreementKey(random.bytes(32)).publicKey,
      name: sealDeviceName(seeds.accountSecret, account, id, name, random),
    },
    device: key,
  });
  const record = (version: number): Link => ({ fact: { kind: 'record', version, hash: random.bytes(32) } });
  const first = add(device, deviceKey, 'Laptop');
  const other = add(second, secondKey, 'Desktop');
  const revoke: Link = { fact: { kind: 'device-revoke', device } };
  const vaultAdd: Link = { fact: { kind: 'vault-add', vault, genesisHash: random.bytes(32) } };
  const all = [genesis, record(1), first, vaultAdd, other, revoke, record(2)];
  const broken = (name: string, rule: string, links: readonly Link[], expect: VectorCase['expect'] = 'E_AUTH') =>
    bad(name, rule, chainInput(chain(links)), expect);
  const whole = chain(all);
  const without = (at: number) => chainInput(whole.toSpliced(at, 1));
  const noGenesis: Link = { fact: { kind: 'record', version: 1, hash: zeros } };
  const unsigned = chain([genesis, first]).map((signed) => ({ ...signed, deviceSignature: null }));
  const extra = chain([genesis, { ...record(1), device: deviceKey }]);
  const cases = [
    good('account-chain', 'all kinds of events', 'F-CHAIN-1', chainInput(whole)),
    good('account-chain', 'the genesis alone', 'F-CHAIN-1', chainInput(chain([genesis]))),
    bad('nothing', 'F-CHAIN-1', chainInput([])),
    bad('the genesis missing', 'F-CHAIN-1', without(0), 'E_FORK'),
    bad('a revocation missing', 'F-CHAIN-1', without(5), 'E_FORK'),
    bad('an event missing', 'F-CHAIN-1', without(3), 'E_FORK'),
    bad('two events exchanged', 'F-CHAIN-1', chainInput([0, 2, 1].map((at) => whole[at] as never)), 'E_FORK'),
    bad('an event twice', 'F-CHAIN-1', chainInput([whole[0], whole[1], whole[1]] as never), 'E_FORK'),
    broken('begins without a genesis', 'F-CHAIN-1', [noGenesis], 'E_MEMBER'),
    broken('a second genesis', 'F-CHAIN-1', [genesis, genesis], 'E_MEMBER'),
    broken('seq skips', 'F-CHAIN-1', [genesis, { ...record(1), change: { seq: 3 } }], 'E_FORK'),
    broken('another previous hash', 'F-CHAIN-1', [genesis, { ...record(1), change: { prevHash: zeros } }], 'E_FORK'),
    broken('of another account', 'F-CHAIN-1', [genesis, { ...record(1), change: { account: newId(random) } }]),
    ...[72, 201].map((length) =>
      broken(`a device's name in a box of ${length} bytes`, 'F-CHAIN-2', [
        genesis,
        { ...first, fact: { ...first.fact, name: new Uint8Array(length) } as AccountFact },
      ]),
    ),
    broken('genesis signed by another', 'F-CHAIN-1', [{ ...genesis, by: stranger }]),
    broken('event signed by another', 'F-CHAIN-1', [genesis, { ...record(1), by: stranger }]),
    broken('device added by the device alone', 'F-CHAIN-1', [genesis, { ...first, by: deviceKey }]),
    broken('device signature by another', 'F-CHAIN-2', [genesis, { ...first, device: stranger }]),
    bad('no device signature', 'F-CHAIN-2', chainInput(unsigned)),
    bad('a device signature where none belongs', 'F-CHAIN-2', chainInput(extra)),
    broken('device added twice', 'F-CHAIN-2', [genesis, first, first], 'E_MEMBER'),
    broken('device added again after revocation', 'F-CHAIN-2', [genesis, first, revoke, first], 'E_MEMBER'),
    broken('device key used twice', 'F-CHAIN-2', [genesis, first, add(second, deviceKey, 'Twin')], 'E_MEMBER'),
    broken('unknown device revoked', 'F-CHAIN-2', [genesis, revoke], 'E_MEMBER'),
    broken('device revoked twice', 'F-CHAIN-2', [genesis, first, revoke, revoke], 'E_MEMBER'),
    broken('record begins at 2', 'F-CHAIN-3', [genesis, record(2)], 'E_MEMBER'),
    broken('record goes back', 'F-CHAIN-3', [genesis, record(1), record(1)], 'E_MEMBER'),
    broken('record skips', 'F-CHAIN-3', [genesis, record(1), record(3)], 'E_MEMBER'),
    broken('vault added twice', 'F-CHAIN-3', [genesis, vaultAdd, vaultAdd], 'E_MEMBER'),
  ];
  return [...cases, ...eventFaults(chain([genesis]), genesis.fact)];
}

/** The genesis in every wrong form, signed as it stands. */
function eventFaults(events: readonly SignedAccountEvent[], fact: AccountFact): VectorCase[] {
  const hex = toHex((events[0] as SignedAccountEvent).event);
  const signed = (changed: string) => chainInput([signAccountEvent(bytes(changed), identity)]);
  const kind = {
    name: 'unknown kind',
    rule: 'F-CBOR-7',
    hex: withField(hex, 6, 'admin-add'),
    expect: 'E_AUTH' as const,
  };
  const used = {
    name: 'unused element in use',
    rule: 'F-CBOR-7',
    hex: withField(hex, 9, zeros),
    expect: 'E_AUTH' as const,
  };
  const long = {
    name: '4 KiB and more',
    rule: 'F-CBOR-5',
    hex: withField(hex, 7, new Uint8Array(4096)),
    expect: 'E_LIMIT' as const,
  };
  if (fact.kind !== 'genesis') return [];
  return [...structureFaults(hex), kind, used, long].map((fault) =>
    bad(fault.name, fault.rule, signed(fault.hex), fault.expect),
  );
}

function loginCases(): VectorCase[] {
  const key = signingKey(random.bytes(32));
  const login: LoginChallenge = {
    method: 'password',
    origin: 'https://sync.example.org',
    serverNonce: random.bytes(32),
    clientNonce: random.bytes(32),
    account,
    email: 'ada@example.org',
    kdfHash: hashKdf(kdf),
    devicePublic: random.bytes(32),
  };
  const input = (challenge: LoginChallenge, signature: Uint8Array, by: SigningKey = key): VectorCase['input'] => ({
    method: challenge.method,
    origin: challenge.origin,
    serverNonce: toHex(challenge.serverNonce),
    clientNonce: toHex(challenge.clientNonce),
    account: challenge.account,
    email: challenge.email,
    kdfHash: challenge.kdfHash === null ? null : toHex(challenge.kdfHash),
    devicePublic: toHex(challenge.devicePublic),
    signature: toHex(signature),
    publicKey: toHex(by.publicKey),
  });
  const signature = signLogin(login, key);
  const changed = (name: string, change: Partial<LoginChallenge>) =>
    bad(name, 'F-LOGIN-1', input({ ...login, ...change }, signature));
  const device: LoginChallenge = { ...login, method: 'device', email: null, kdfHash: null };
  return [
    good('login', 'by password', 'F-LOGIN-1', input(login, signature)),
    good('login', 'by device', 'F-LOGIN-1', input(device, signLogin(device, key))),
    good('login', 'by recovery', 'F-LOGIN-1', recoveryLogin()),
    changed('at another server', { origin: 'https://evil.example.org' }),
    changed('at another port', { origin: 'https://sync.example.org:8443' }),
    changed('without TLS', { origin: 'http://sync.example.org' }),
    changed('with another server nonce', { serverNonce: zeros }),
    changed('with another client nonce', { clientNonce: zeros }),
    changed('to another account', { account: newId(random) }),
    changed('with another e-mail', { email: 'bob@example.org' }),
    changed('with other kdf parameters', { kdfHash: zeros }),
    changed('for another device', { devicePublic: zeros }),
    changed('by another method', { method: 'recovery' }),
    bad('signed by another key', 'F-LOGIN-1', input(login, signLogin(login, stranger))),
    bad('a bit of the signature', 'F-LOGIN-1', input(login, bytes(flip(toHex(signature), 1)))),
  ];

  function recoveryLogin(): VectorCase['input'] {
    const challenge: LoginChallenge = { ...login, method: 'recovery', email: null, kdfHash: null };
    return input(challenge, signLogin(challenge, key));
  }
}

function grantCases(): VectorFile[] {
  const vault = newId<VaultId>(random);
  const place = { vault, epoch: 1, recipient: account };
  const grant = toHex(sealGrant(place, sealing.publicKey, random.bytes(32), random));
  const input = (change: Partial<Record<string, string | number>>): VectorCase['input'] => ({
    vault,
    epoch: 1,
    account,
    privateKey: toHex(seeds.sealingPrivate),
    grant,
    ...change,
  });
  const lowOrder = `01${'00'.repeat(32)}${grant.slice(66)}`;
  const lists = [account, newId<AccountId>(random)].sort();
  const grants = toHex(
    encodeGrants({ vault, epoch: 2, grants: lists.map((id) => ({ account: id, grant: bytes(grant) })) }),
  );
  const pair = (at: number): [Uint8Array, Uint8Array] => [idBytes(lists[at] as AccountId), bytes(grant)];
  return [
    {
      format: 'grant',
      about: 'FORMAT.md 9.',
      cases: [
        good('grant', 'a vault key', 'F-GRANT-1', input({})),
        bad('of another vault', 'F-GRANT-1', input({ vault: newId<VaultId>(random) })),
        bad('of another epoch', 'F-GRANT-1', input({ epoch: 2 })),
        bad('to another account', 'F-GRANT-1', input({ account: newId<AccountId>(random) })),
        bad('with another key', 'F-GRANT-1', input({ privateKey: toHex(random.bytes(32)) })),
        bad('kem 0', 'F-GRANT-1', input({ grant: `00${grant.slice(2)}` }), 'E_DOWNGRADE'),
        bad('kem 2', 'F-GRANT-1', input({ grant: `02${grant.slice(2)}` }), 'E_DOWNGRADE'),
        bad('empty', 'F-GRANT-1', input({ grant: '' }), 'E_DOWNGRADE'),
        bad('a bit of enc', 'F-GRANT-1', input({ grant: flip(grant, 1) })),
        bad('enc of small order', 'F-GRANT-1', input({ grant: lowOrder })),
        bad('a bit of the key', 'F-GRANT-1', input({ grant: flip(grant, 33) })),
        bad('a bit of the tag', 'F-GRANT-1', input({ grant: flip(grant, -1) })),
        bad('tag of 12 bytes', 'F-GRANT-1', input({ grant: cut(grant, 4) })),
        bad('only the kem', 'F-GRANT-1', input({ grant: '01' })),
        bad(
          'a key of 16 bytes',
          'F-GRANT-1',
          input({ grant: toHex(sealGrant(place, sealing.publicKey, random.bytes(16), random)) }),
        ),
      ],
    },
    {
      format: 'grants',
      about: 'FORMAT.md 9.',
      cases: [
        good('grants', 'two members', 'F-EPOCH-1', { grants }),
        bad('members not sorted', 'F-EPOCH-1', { grants: withField(grants, 4, [pair(1), pair(0)]) }),
        bad('a member twice', 'F-EPOCH-1', { grants: withField(grants, 4, [pair(0), pair(0)]) }),
        bad('a member with an element more', 'F-CBOR-7', { grants: withField(grants, 4, [[...pair(0), null]]) }),
        bad('a member without grant', 'F-EPOCH-1', { grants: withField(grants, 4, [[pair(0)[0]]]) }),
        bad('epoch 0', 'F-EPOCH-1', { grants: withField(grants, 3, 0) }),
        ...structureFaults(grants).map((fault) => bad(fault.name, fault.rule, { grants: fault.hex }, fault.expect)),
      ],
    },
  ];
}

function codeCases(): VectorFile[] {
  const vault = newId<VaultId>(random);
  const keys = { account, identityKey: toHex(identity.publicKey), sealingKey: toHex(sealing.publicKey) };
  const head = toHex(random.bytes(32));
  return [
    {
      format: 'fingerprint',
      about: 'FORMAT.md 7.5.',
      cases: [
        good('fingerprint', 'an account', 'F-KEY-1', keys),
        good('fingerprint', 'the same keys, another account', 'F-KEY-1', {
          ...keys,
          account: newId<AccountId>(random),
        }),
      ],
    },
    {
      format: 'compare-code',
      about: 'FORMAT.md 7.5.',
      cases: [1, 256, 2 ** 40].map((seq) => good('compare-code', `seq ${seq}`, 'F-REPLAY-8', { vault, seq, head })),
    },
  ];
}

export async function accountVectors(): Promise<VectorFile[]> {
  return [
    { format: 'kdf', about: 'FORMAT.md 7.1: parameters, and their hash.', cases: kdfCases() },
    { format: 'password', about: 'FORMAT.md 7.1 and 3.1.', cases: await passwordCases() },
    { format: 'recovery', about: 'FORMAT.md 7.1 and 3.1.', cases: recoveryCases() },
    { format: 'account-record', about: 'FORMAT.md 7.2.', cases: recordCases() },
    {
      format: 'account-chain',
      about: 'FORMAT.md 7.3. An event is [event, signature, device signature].',
      cases: chainCases(),
    },
    { format: 'login', about: 'FORMAT.md 7.4.', cases: loginCases() },
    ...grantCases(),
    ...codeCases(),
  ];
}
