/**
 * A second, slow implementation of suite 1 from FORMAT.md, on other code than `src/crypto`: @noble for all primitives,
 * cborg for CBOR, none of our modules. Where the two differ, one of them or the page is wrong.
 */
import { gcm } from '@noble/ciphers/aes.js';
import { chacha20poly1305, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { argon2id } from '@noble/hashes/argon2.js';
import { expand, extract, hkdf } from '@noble/hashes/hkdf.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { mnemonicToEntropy } from '@scure/bip39';
import { wordlist } from '@scure/bip39/wordlists/english.js';
import { decode, encode } from 'cborg';

export type Item = number | string | boolean | null | Uint8Array | Item[];

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const join = (...parts: Uint8Array[]): Uint8Array => Uint8Array.from(parts.flatMap((part) => [...part]));
const same = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
const u32 = (value: number): Uint8Array => Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);

function check(condition: boolean): void {
  if (!condition) throw new Error('refused');
}

/** Section 2: cborg in its strict mode, then the subset, then the encoding again. */
export function refDecode(bytes: Uint8Array): Item {
  const value = decode(bytes, {
    strict: true,
    allowIndefinite: false,
    allowUndefined: false,
    allowInfinity: false,
    allowNaN: false,
    allowBigInt: false,
  }) as Item;
  checkSubset(value, 1);
  check(same(refEncode(value), bytes));
  return value;
}

function checkSubset(value: unknown, depth: number): void {
  if (Array.isArray(value)) {
    check(depth <= 8);
    for (const item of value) checkSubset(item, depth + 1);
  } else if (typeof value === 'number') check(Number.isSafeInteger(value));
  else if (typeof value === 'string') check(value.isWellFormed());
  else check(value === null || typeof value === 'boolean' || value instanceof Uint8Array);
}

export const refEncode = (value: Item): Uint8Array => Uint8Array.from(encode(value));

/** Section 4, as restic and the paper write it: clear the low E - S bits of what is just above. */
export function refPadme(length: number): number {
  if (length < 2) return length;
  const exponent = BigInt(length).toString(2).length - 1;
  const low = exponent - BigInt(exponent).toString(2).length;
  const mask = low <= 0 ? 0n : (1n << BigInt(low)) - 1n;
  return Number((BigInt(length) + mask) & ~mask);
}

export const refDerive = (key: Uint8Array, name: string, context: Uint8Array): Uint8Array =>
  hkdf(sha256, key, undefined, join(text(`holdfast/1/key/${name}\0`), context), 32);

/** Section 3.2. */
export function refOpenBox(label: string, key: Uint8Array, context: Uint8Array, box: Uint8Array): Uint8Array {
  check(box.length >= 72);
  const info = join(text(`holdfast/1/box/${label}\0`), context);
  const okm = hkdf(sha256, key, box.slice(0, 24), info, 88);
  check(same(okm.slice(56), box.slice(24, 56)));
  return xchacha20poly1305(okm.slice(0, 32), okm.slice(32, 56), info).decrypt(box.slice(56));
}

/** Section 5. */
export function refOpenObject(
  type: number,
  ref: { objectId: Uint8Array; secret: Uint8Array; hash: Uint8Array; plainLength: number },
  sealed: Uint8Array,
): Uint8Array {
  const n = ref.plainLength;
  check(Number.isInteger(n) && n >= 1 && n <= 4 * 1024 * 1024);
  const padded = Math.max(4096, refPadme(n));
  check(sealed.length === padded + 16 && same(sha256(sealed), ref.hash));
  const okm = expand(sha256, ref.secret, join(text('holdfast/1/chunk\0'), Uint8Array.of(type), ref.objectId), 44);
  const aad = join(Uint8Array.of(type, 1), ref.objectId, u32(n), u32(padded));
  const plain = gcm(okm.slice(0, 32), okm.slice(32), aad).decrypt(sealed);
  check(plain.slice(n).every((byte) => byte === 0));
  return plain.slice(0, n);
}

/** Section 1: noble's strict mode; small-order points and long coordinates are refused by hand. */
export function refIsSigned(label: string, message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  return refEd25519(join(text(`holdfast/1/${label}\0`), message), signature, publicKey);
}

export function refEd25519(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  try {
    for (const encoded of [publicKey, signature.slice(0, 32)]) {
      const point = ed25519.Point.fromBytes(encoded, false);
      if (point.isSmallOrder()) return false;
    }
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/** RFC 9180 base mode by the RFC's pseudocode. */
export function refHpkeOpen(
  skR: Uint8Array,
  info: Uint8Array,
  aad: Uint8Array,
  enc: Uint8Array,
  ct: Uint8Array,
): Uint8Array {
  const kem = join(text('KEM'), Uint8Array.of(0, 0x20));
  const hpke = join(text('HPKE'), Uint8Array.of(0, 0x20, 0, 1, 0, 3));
  const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array) =>
    extract(sha256, join(text('HPKE-v1'), suite, text(label), ikm), salt);
  const labeledExpand = (suite: Uint8Array, prk: Uint8Array, label: string, data: Uint8Array, length: number) =>
    expand(sha256, prk, join(Uint8Array.of(0, length), text('HPKE-v1'), suite, text(label), data), length);
  const none = new Uint8Array();
  const dh = x25519.getSharedSecret(skR, enc);
  const eae = labeledExtract(kem, none, 'eae_prk', dh);
  const shared = labeledExpand(kem, eae, 'shared_secret', join(enc, x25519.getPublicKey(skR)), 32);
  const context = join(
    Uint8Array.of(0),
    labeledExtract(hpke, none, 'psk_id_hash', none),
    labeledExtract(hpke, none, 'info_hash', info),
  );
  const secret = labeledExtract(hpke, shared, 'secret', none);
  const key = labeledExpand(hpke, secret, 'key', context, 32);
  const nonce = labeledExpand(hpke, secret, 'base_nonce', context, 12);
  return chacha20poly1305(key, nonce, aad).decrypt(ct);
}

/** Section 9. */
export function refOpenGrant(
  vault: Uint8Array,
  epoch: number,
  account: Uint8Array,
  skR: Uint8Array,
  grant: Uint8Array,
): Uint8Array {
  check(grant.length === 81 && grant[0] === 1);
  const info = join(text('holdfast/1/grant\0'), refEncode([vault, epoch, account]));
  return refHpkeOpen(skR, info, new Uint8Array(), grant.slice(1, 33), grant.slice(33));
}

/** Section 7.1. */
export function refStretch(password: string, m: number, t: number, p: number, salt: Uint8Array): Uint8Array {
  const message = text(password.normalize('NFKC'));
  check(message.length >= 1 && message.length <= 1024);
  return argon2id(message, salt, { m, t, p, dkLen: 64 });
}

export const refRecovery = (words: string): Uint8Array => mnemonicToEntropy(words, wordlist);

export const refSeedPublic = (seed: Uint8Array): Uint8Array => ed25519.getPublicKey(seed);

/** Section 7.5. */
export function refFingerprint(account: Uint8Array, ik: Uint8Array, sk: Uint8Array): string {
  const okm = hkdf(sha256, join(ik, sk), account, text('holdfast/1/fingerprint'), 60);
  return Array.from({ length: 12 }, (_, i) => {
    const number = BigInt(`0x${Buffer.from(okm.slice(5 * i, 5 * i + 5)).toString('hex')}`) % 100000n;
    return number.toString().padStart(5, '0');
  }).join(' ');
}

export function refCompareCode(vault: Uint8Array, seq: number, head: Uint8Array): string {
  const position = Buffer.alloc(8);
  position.writeBigUInt64BE(BigInt(seq));
  const hash = sha256(join(text('holdfast/1/compare\0'), vault, position, head));
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return Array.from({ length: 8 }, (_, i) => wordlist[Number.parseInt(bits.slice(11 * i, 11 * i + 11), 2)]).join(' ');
}

/** Section 8.3. */
export function refUnpad(padded: Uint8Array): Uint8Array {
  const end = padded.findLastIndex((byte) => byte !== 0);
  check(end >= 0 && padded[end] === 0x80);
  check(padded.length === refPadme(256 * Math.ceil((end + 1) / 256)));
  return padded.slice(0, end);
}

export const refSha256 = (bytes: Uint8Array): Uint8Array => sha256(bytes);

/** Field types of a structure: one letter each, see `refStructure`. */
const schemas: Readonly<Record<string, string>> = {
  entry: 'i 1 1 h i 1 h h h h i',
  checkpoint: 'i 1 1 h i i h h h',
  account: 'i 1 e k h h 1 w w b',
  manifest: 'i i 0 t x 0 r',
  grants: 'i 1 g',
};

/** The end of section 2, in bytes. */
const limits: Readonly<Record<string, number>> = { entry: 512, checkpoint: 1024, account: 16_384 };

/** Sections 6 to 12: whether bytes are that structure, by its table alone. */
export function refStructure(name: string, bytes: Uint8Array): Item[] {
  check(bytes.length <= (limits[name] ?? 1024 * 1024));
  const value = refDecode(bytes);
  check(Array.isArray(value));
  const fields = value as Item[];
  check(fields[0] === name && fields[1] === 1);
  const types = (schemas[name] ?? '').split(' ');
  check(fields.length === types.length + 2);
  for (const [at, type] of types.entries()) check(isOfType(type, fields[at + 2] as Item));
  return fields;
}

const isBytes = (value: Item | undefined, length: number): boolean =>
  value instanceof Uint8Array && value.length === length;

function isOfType(type: string, value: Item): boolean {
  if (type === 'i') return isBytes(value, 16);
  if (type === 'h') return isBytes(value, 32);
  if (type === 'w') return isBytes(value, 104);
  if (type === 'b') return value instanceof Uint8Array;
  if (type === 't') return typeof value === 'number';
  if (type === 'x') return typeof value === 'boolean';
  if (type === '0' || type === '1') return typeof value === 'number' && value >= Number(type);
  if (type === 'e') {
    return typeof value === 'string' && value.includes('@') && value === value.normalize('NFKC').trim().toLowerCase();
  }
  if (!Array.isArray(value)) return false;
  if (type === 'k') {
    const [argon, m, t, p, salt] = value;
    const numbers = [m, t, p].every((item) => typeof item === 'number');
    return value.length === 5 && argon === 'argon2id' && numbers && salt instanceof Uint8Array;
  }
  if (type === 'r') {
    return value.every((ref) => {
      if (!Array.isArray(ref) || ref.length !== 4) return false;
      const [id, secret, hash, n] = ref;
      return isBytes(id, 16) && isBytes(secret, 32) && isBytes(hash, 32) && typeof n === 'number';
    });
  }
  const accounts = value.map((item) => (Array.isArray(item) && item.length === 2 ? item : [null, null]));
  const ids = accounts.map(([account]) =>
    isBytes(account, 16) ? Buffer.from(account as Uint8Array).toString('hex') : '',
  );
  return (
    accounts.every(([, grant]) => grant instanceof Uint8Array) &&
    ids.every((id, at) => id !== '' && (at === 0 || (ids[at - 1] as string) < id))
  );
}
