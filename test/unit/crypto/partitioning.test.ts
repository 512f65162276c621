import { xchacha20, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { expect, it } from 'vitest';
import { openBox } from '../../../src/crypto/box.ts';
import { encodeCbor } from '../../../src/crypto/cbor.ts';
import { hkdfSha256 } from '../../../src/crypto/hkdf.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

const random = seededRandom('partitioning');
const prime = 2n ** 130n - 5n;
const word = 2n ** 128n;

const littleEndian = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
const modulo = (value: bigint, by: bigint): bigint => ((value % by) + by) % by;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let square = base, left = exponent; left > 0n; left >>= 1n, square = (square * square) % prime) {
    if (left & 1n) result = (result * square) % prime;
  }
  return result;
}

const bytesOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(32, '0'), 'hex').reverse();

interface Key {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

/** What Poly1305 does with the blocks under this key: r and s, and the blocks' polynomial but for one of them. */
function poly({ key, nonce }: Key): { r: bigint; s: bigint } {
  const stream = xchacha20(key, nonce, new Uint8Array(32));
  const clamp = 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  return { r: littleEndian(stream.subarray(0, 16)) & clamp, s: littleEndian(stream.subarray(16)) };
}

/** A ciphertext with one tag that is right under both keys (Len, Grubbs, Ristenpart: Partitioning Oracle Attacks). */
function opensUnderBoth(one: Key, two: Key, aad: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil(aad.length / 16) * 16);
  padded.set(aad);
  const lengths = Buffer.alloc(16);
  lengths.writeBigUInt64LE(BigInt(aad.length), 0);
  lengths.writeBigUInt64LE(32n, 8);
  for (;;) {
    const first = Buffer.from(random.bytes(16));
    const blocks = [
      ...Array.from({ length: padded.length / 16 }, (_, at) => padded.subarray(16 * at, 16 * at + 16)),
      first,
    ];
    // The free block comes after these, and before the lengths.
    const known = ({ r }: { r: bigint }): bigint => {
      let sum = 0n;
      for (const block of blocks) sum = ((sum + littleEndian(block) + word) * r) % prime;
      return (sum * r * r + (littleEndian(lengths) + word) * r) % prime;
    };
    const [a, b] = [poly(one), poly(two)];
    const factor = modulo(a.r * a.r - b.r * b.r, prime);
    const free = modulo((known(b) - known(a) + b.s - a.s) * power(factor, prime - 2n), prime);
    if (free < word || free >= 2n * word) continue;
    const tagOf = (side: { r: bigint; s: bigint }): bigint =>
      modulo(modulo(known(side) + free * side.r * side.r, prime) + side.s, word);
    if (tagOf(a) === tagOf(b)) return Buffer.concat([first, bytesOf(free - word), bytesOf(tagOf(a))]);
  }
}

it('[K7] a ciphertext that is made to open under two passwords is refused for both, before it is decrypted', () => {
  const label = 'wrap-password';
  const context = [random.bytes(16), 1];
  const info = Buffer.concat([Buffer.from(`holdfast/1/box/${label}\0`), encodeCbor(context)]);
  const salt = random.bytes(24);
  const keys = [random.bytes(32), random.bytes(32)] as const;
  const derived = keys.map((key) => {
    const okm = hkdfSha256(key, salt, info, 88);
    return { key: okm.slice(0, 32), nonce: okm.slice(32, 56), commitment: okm.slice(56) };
  }) as [Key & { commitment: Uint8Array }, Key & { commitment: Uint8Array }];
  const sealed = opensUnderBoth(...derived, info);
  // The cipher alone is fooled.
  const plain = derived.map(({ key, nonce }) => xchacha20poly1305(key, nonce, info).decrypt(sealed));
  expect(plain[0]).not.toEqual(plain[1]);

  const open = (commitment: Uint8Array, key: Uint8Array) =>
    openBox(label, key, context, Buffer.concat([salt, commitment, sealed]));
  for (const key of keys) {
    expect(() => open(random.bytes(32), key)).toThrow(expect.objectContaining({ security: 'E_AUTH' }));
  }
  // Who commits to one password says no for all others.
  expect(open(derived[0].commitment, keys[0])).toEqual(plain[0]);
  expect(() => open(derived[0].commitment, keys[1])).toThrow(expect.objectContaining({ security: 'E_AUTH' }));
});
