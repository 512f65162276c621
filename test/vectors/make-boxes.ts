import { gcm } from '@noble/ciphers/aes.js';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concat, toHex } from '../../src/common/bytes.ts';
import { newId, type ObjectId } from '../../src/common/ids.ts';
import { sealBox } from '../../src/crypto/box.ts';
import { type Cbor, encodeCbor } from '../../src/crypto/cbor.ts';
import { type ObjectType, sealChunk, sealChunkWith } from '../../src/crypto/chunk.ts';
import { hkdfExpand, hkdfSha256 } from '../../src/crypto/hkdf.ts';
import { rowSealer } from '../../src/crypto/index-box.ts';
import type { BoxLabel, KeyName } from '../../src/crypto/labels.ts';
import { sha256 } from '../../src/crypto/sha256.ts';
import { signingKey, signMessage } from '../../src/crypto/sign.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import type { VectorCase, VectorFile } from './case.ts';
import { bad, good } from './make-cbor.ts';
import { bytes, cut, flip } from './mutate.ts';

const random = seededRandom('box vectors');
const key = random.bytes(32);
const id = random.bytes(16);
const otherId = random.bytes(16);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);

const labels: readonly BoxLabel[] = [
  'wrap-password',
  'wrap-recovery',
  'identity',
  'device-name',
  'device-state',
  'keychain',
  'entry',
  'checkpoint',
];

const input = (label: string, boxKey: Uint8Array, context: readonly Cbor[], box: string): VectorCase['input'] => ({
  label,
  key: toHex(boxKey),
  context: toHex(encodeCbor(context)),
  box,
});

function boxCases(): VectorCase[] {
  const context: Cbor[] = [id, 1];
  const cases = labels.map((label) => {
    const box = toHex(sealBox(label, key, context, ascii(`a secret for ${label}`), random));
    return good('box', label, 'F-BOX-3', input(label, key, context, box));
  });
  const empty = toHex(sealBox('entry', key, [], new Uint8Array(), random));
  cases.push(good('box', 'nothing inside', 'F-BOX-2', input('entry', key, [], empty)));

  const box = toHex(sealBox('wrap-password', key, context, random.bytes(32), random));
  const broken = (name: string, rule: string, changed: string) =>
    cases.push(bad(name, rule, input('wrap-password', key, context, changed)));
  broken('first bit of the salt', 'F-BOX-1', flip(box, 0));
  broken('last bit of the salt', 'F-BOX-1', flip(box, 23, 7));
  broken('first bit of the commitment', 'F-BOX-1', flip(box, 24));
  broken('last bit of the commitment', 'F-BOX-1', flip(box, 55, 7));
  broken('first bit of the ciphertext', 'F-BOX-2', flip(box, 56));
  broken('last bit of the ciphertext', 'F-BOX-2', flip(box, 87, 7));
  broken('first bit of the tag', 'F-BOX-2', flip(box, -16));
  broken('last bit of the tag', 'F-BOX-2', flip(box, -1, 7));
  for (const count of [1, 4, 8, 12, 16, 32, 33]) broken(`cut by ${count}`, 'F-BOX-2', cut(box, count));
  broken('71 bytes', 'F-BOX-2', box.slice(0, 142));
  broken('empty', 'F-BOX-2', '');
  broken('a byte longer', 'F-BOX-2', `${box}00`);
  broken('all zeros', 'F-BOX-1', '00'.repeat(box.length / 2));
  broken('twice', 'F-BOX-2', box + box);

  for (const label of labels) {
    if (label !== 'wrap-password') cases.push(bad(`in the slot ${label}`, 'F-BOX-3', input(label, key, context, box)));
  }
  const elsewhere = (name: string, place: Cbor[]) =>
    cases.push(bad(name, 'F-BOX-3', input('wrap-password', key, place, box)));
  elsewhere("another account's", [otherId, 1]);
  elsewhere('of another key version', [id, 2]);
  elsewhere('with a longer context', [id, 1, 0]);
  elsewhere('with a shorter context', [id]);
  elsewhere('without context', []);
  cases.push(bad('under another key', 'F-BOX-1', input('wrap-password', random.bytes(32), context, box)));
  const flipped = bytes(flip(toHex(key), 31, 7));
  cases.push(bad('under a key with one other bit', 'F-BOX-1', input('wrap-password', flipped, context, box)));
  cases.push(...forgedBoxes(context));
  return cases;
}

/** Boxes by one who knows the key but not the rules. */
function forgedBoxes(context: readonly Cbor[]): VectorCase[] {
  const salt = random.bytes(24);
  const plain = ascii('forged');
  const make = (info: Uint8Array, aad: Uint8Array, commitment: (right: Uint8Array) => Uint8Array): string => {
    const okm = hkdfSha256(key, salt, info, 88);
    const sealed = xchacha20poly1305(okm.slice(0, 32), okm.slice(32, 56), aad).encrypt(plain);
    return toHex(concat(salt, commitment(okm.slice(56)), sealed));
  };
  const info = concat(ascii('holdfast/1/box/identity\0'), encodeCbor(context));
  const suite2 = concat(ascii('holdfast/2/box/identity\0'), encodeCbor(context));
  const keep = (right: Uint8Array): Uint8Array => right;
  const forged = (name: string, rule: string, box: string) => bad(name, rule, input('identity', key, context, box));
  return [
    forged(
      'commitment of zeros over a right ciphertext',
      'F-BOX-1',
      make(info, info, () => new Uint8Array(32)),
    ),
    forged('no additional data', 'F-BOX-2', make(info, new Uint8Array(), keep)),
    forged('of suite 2', 'F-SUITE-1', make(suite2, suite2, keep)),
  ];
}

function indexBoxCases(): VectorCase[] {
  const aad = ascii('row 1');
  const box = toHex(rowSealer(key, random)(aad, ascii('a manifest')));
  const place = (changed: string, name = aad): VectorCase['input'] => ({
    key: toHex(key),
    aad: toHex(name),
    box: changed,
  });
  return [
    good('index-box', 'a row', 'F-BOX-5', place(box)),
    bad('of another row', 'F-BOX-5', place(box, ascii('row 2'))),
    bad('a bit of the nonce', 'F-BOX-5', place(flip(box, 3))),
    bad('a bit of the content', 'F-BOX-5', place(flip(box, 25))),
    bad('a bit of the tag', 'F-BOX-5', place(flip(box, -1))),
    bad('39 bytes', 'F-BOX-5', place(box.slice(0, 78))),
  ];
}

interface Sealed {
  readonly objectId: string;
  readonly secret: Uint8Array;
  readonly hash: Uint8Array;
  readonly plainLength: number;
  readonly sealed: Uint8Array;
}

const chunkInput = (type: ObjectType, chunk: Sealed): VectorCase['input'] => ({
  type,
  objectId: chunk.objectId,
  secret: toHex(chunk.secret),
  hash: toHex(chunk.hash),
  plainLength: chunk.plainLength,
  sealed: toHex(chunk.sealed),
});

function chunkCases(): VectorCase[] {
  const cases: VectorCase[] = [];
  const types: readonly ObjectType[] = ['chunk', 'manifest-page', 'state-page'];
  for (const type of types) {
    const chunk = sealChunk(ascii(`some ${type}`), random, type);
    cases.push(good('chunk', type, 'F-CHUNK-5', chunkInput(type, chunk)));
  }
  for (const length of [1, 4096, 4097]) {
    const chunk = sealChunk(new Uint8Array(length).fill(7), random);
    cases.push(good('chunk', `${length} bytes`, 'F-CHUNK-1', chunkInput('chunk', chunk)));
  }
  const chunk = sealChunk(ascii('a file'), random);
  const repinned = (sealed: Uint8Array): Sealed => ({ ...chunk, sealed, hash: sha256(sealed) });
  const flipped = (at: number): Uint8Array => bytes(flip(toHex(chunk.sealed), at));
  const broken = (name: string, rule: string, changed: Sealed, type: ObjectType = 'chunk') =>
    cases.push(bad(name, rule, chunkInput(type, changed)));
  broken('a bit turned, hash as pinned', 'F-CHUNK-1', { ...chunk, sealed: flipped(0) });
  broken('a bit of the tag turned, hash as pinned', 'F-CHUNK-1', { ...chunk, sealed: flipped(-1) });
  broken('a bit turned, hash pinned to it', 'F-CHUNK-2', repinned(flipped(0)));
  broken('a bit of the padding turned, hash pinned to it', 'F-CHUNK-2', repinned(flipped(4095)));
  broken('a bit of the tag turned, hash pinned to it', 'F-CHUNK-2', repinned(flipped(-16)));
  for (const count of [4, 8, 12]) {
    broken(`tag of ${count} bytes`, 'F-CHUNK-2', repinned(chunk.sealed.slice(0, 4096 + count)));
  }
  broken('without its last byte', 'F-CHUNK-1', repinned(chunk.sealed.slice(0, -1)));
  broken('with a byte more', 'F-CHUNK-1', repinned(concat(chunk.sealed, Uint8Array.of(0))));
  broken('empty', 'F-CHUNK-1', repinned(new Uint8Array()));
  broken('another object', 'F-CHUNK-1', { ...chunk, sealed: sealChunk(ascii('a file'), random).sealed });
  broken('length one more', 'F-CHUNK-2', { ...chunk, plainLength: chunk.plainLength + 1 });
  broken('length 0', 'F-CHUNK-1', { ...chunk, plainLength: 0 });
  broken('length -1', 'F-CHUNK-1', { ...chunk, plainLength: -1 });
  broken('another secret', 'F-CHUNK-2', { ...chunk, secret: random.bytes(32) });
  broken('a secret too short', 'F-CHUNK-2', { ...chunk, secret: chunk.secret.slice(1) });
  broken('another id', 'F-CHUNK-2', { ...chunk, objectId: newId<ObjectId>(random) });
  broken('as a manifest page', 'F-CHUNK-5', chunk, 'manifest-page');
  broken('as a state page', 'F-CHUNK-5', chunk, 'state-page');
  broken('a manifest page as a chunk', 'F-CHUNK-5', sealChunk(ascii('page'), random, 'manifest-page'));
  cases.push(
    bad(
      'length over 4 MiB',
      'F-CHUNK-1',
      chunkInput('chunk', { ...chunk, plainLength: 4 * 1024 * 1024 + 1 }),
      'E_LIMIT',
    ),
  );
  broken('padding of ones', 'F-CHUNK-3', withPadding(1));
  // By one who knows the secret, and so can make a tag for anything.
  broken('longer padding than Padmé gives, tag and hash right', 'F-CHUNK-1', longer(chunk));
  const other = sealChunkWith(chunk.objectId, chunk.secret, ascii('b file'));
  broken('another content under the same secret', 'F-CHUNK-1', { ...chunk, sealed: other.sealed });
  return cases;
}

function longer(chunk: Sealed): Sealed {
  const objectId = bytes(chunk.objectId);
  const okm = hkdfExpand(chunk.secret, concat(ascii('holdfast/1/chunk\0'), Uint8Array.of(1), objectId), 44);
  const aad = concat(Uint8Array.of(1, 1), objectId, Uint8Array.of(0, 0, 0, chunk.plainLength, 0, 0, 16, 0));
  const plain = concat(ascii('a file'), new Uint8Array(4096 - 6 + 16));
  const sealed = gcm(okm.slice(0, 32), okm.slice(32), aad).encrypt(plain);
  return { ...chunk, sealed, hash: sha256(sealed) };
}

/** A chunk of one byte by one who does not pad with zeros. */
function withPadding(filler: number): Sealed {
  const objectId = random.bytes(16);
  const secret = random.bytes(32);
  const okm = hkdfExpand(secret, concat(ascii('holdfast/1/chunk\0'), Uint8Array.of(1), objectId), 44);
  const aad = concat(Uint8Array.of(1, 1), objectId, Uint8Array.of(0, 0, 0, 1, 0, 0, 16, 0));
  const sealed = gcm(okm.slice(0, 32), okm.slice(32), aad).encrypt(new Uint8Array(4096).fill(filler));
  return { objectId: toHex(objectId), secret, hash: sha256(sealed), plainLength: 1, sealed };
}

function deriveCases(): VectorCase[] {
  const names: readonly KeyName[] = ['password-kek', 'password-login', 'recovery-kek', 'recovery-login', 'identity'];
  const more: readonly KeyName[] = [
    'device-name',
    'device-state',
    'keychain-kek',
    'log',
    'checkpoint',
    'dedup',
    'index',
  ];
  return [...names, ...more].map((name) =>
    good('derive', name, 'F-SUITE-2', { key: toHex(key), name, context: toHex(encodeCbor([id, 1])) }),
  );
}

function signatureCases(): VectorCase[] {
  const signer = signingKey(random.bytes(32));
  const other = signingKey(random.bytes(32));
  const message = ascii('a message');
  const right = {
    label: 'entry',
    message: toHex(message),
    signature: toHex(signMessage('entry', message, signer)),
    publicKey: toHex(signer.publicKey),
  };
  const order = 'edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010';
  const plusOrder = BigInt(`0x${reversed(right.signature.slice(64))}`) + BigInt(`0x${reversed(order)}`);
  const s = reversed(plusOrder.toString(16).padStart(64, '0'));
  const zero = '00'.repeat(32);
  const one = `01${'00'.repeat(31)}`;
  const small = [
    one,
    zero,
    `ec${'ff'.repeat(30)}7f`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    `${'00'.repeat(31)}80`,
    `01${'00'.repeat(30)}80`,
    `ec${'ff'.repeat(31)}`,
    `ed${'ff'.repeat(30)}7f`,
    `ee${'ff'.repeat(30)}7f`,
    `ed${'ff'.repeat(31)}`,
    `ee${'ff'.repeat(31)}`,
  ];
  return [
    good('signature', 'right', 'F-SUITE-2', right),
    bad('for another role', 'F-SUITE-2', { ...right, label: 'checkpoint' }),
    bad('by another key', 'F-REPLAY-2', { ...right, publicKey: toHex(other.publicKey) }),
    bad('over another message', 'F-REPLAY-2', { ...right, message: flip(right.message, 0) }),
    bad('a bit of R', 'F-REPLAY-2', { ...right, signature: flip(right.signature, 0) }),
    bad('a bit of S', 'F-REPLAY-2', { ...right, signature: flip(right.signature, 32) }),
    bad('S plus the order', 'F-REPLAY-2', { ...right, signature: right.signature.slice(0, 64) + s }),
    bad('63 bytes', 'F-REPLAY-2', { ...right, signature: cut(right.signature, 1) }),
    bad('65 bytes', 'F-REPLAY-2', { ...right, signature: `${right.signature}00` }),
    bad('empty', 'F-REPLAY-2', { ...right, signature: '' }),
    bad('key of 31 bytes', 'F-REPLAY-2', { ...right, publicKey: cut(right.publicKey, 1) }),
    ...small.map((point) =>
      bad(`small-order or long key ${point}, R the same, S 0`, 'F-REPLAY-2', {
        ...right,
        publicKey: point,
        signature: point + zero,
      }),
    ),
    ...small.map((point) =>
      bad(`R of small order or long ${point}`, 'F-REPLAY-2', {
        ...right,
        signature: point + right.signature.slice(64),
      }),
    ),
  ];
}

const reversed = (hex: string): string => toHex(bytes(hex).reverse());

export function boxVectors(): VectorFile[] {
  return [
    { format: 'derive', about: 'FORMAT.md 1 and 3.1.', cases: deriveCases() },
    { format: 'box', about: 'FORMAT.md 3.2.', cases: boxCases() },
    { format: 'index-box', about: 'FORMAT.md 3.3.', cases: indexBoxCases() },
    { format: 'chunk', about: 'FORMAT.md 5.', cases: chunkCases() },
    { format: 'signature', about: 'FORMAT.md 1, sign; 8.1.', cases: signatureCases() },
  ];
}
