import { createHash } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { expect, it } from 'vitest';
import { concat } from '../../../src/common/bytes.ts';
import { isStrictEd25519 } from '../../../src/crypto/sign.ts';

const order = 2n ** 252n + 27742317777372353535851937790883648493n;
const little = (value: bigint): Uint8Array =>
  Uint8Array.from({ length: 32 }, (_, at) => Number((value >> BigInt(8 * at)) & 255n));
const identity = little(1n);
const message = new TextEncoder().encode('anything');

it('[K15] a key of small order signs nothing, though the equation holds for every message', () => {
  const signature = concat(ed25519.Point.BASE.toBytes(), little(1n));
  expect(isStrictEd25519(message, signature, identity)).toBe(false);
});

it('[K15] a signature whose R is of small order is refused, though the equation holds', () => {
  const { scalar, pointBytes } = ed25519.utils.getExtendedPublicKey(new Uint8Array(32).fill(5));
  const digest = createHash('sha512')
    .update(concat(identity, pointBytes, message))
    .digest()
    .reverse()
    .toString('hex');
  const signature = concat(identity, little(((BigInt(`0x${digest}`) % order) * scalar) % order));
  expect(ed25519.verify(signature, message, pointBytes, { zip215: true })).toBe(true);
  expect(isStrictEd25519(message, signature, pointBytes)).toBe(false);
});

it('[K15] the same points in their second encoding are no keys either', () => {
  const prime = 2n ** 255n - 19n;
  const signature = concat(ed25519.Point.BASE.toBytes(), little(1n));
  for (const point of [prime, prime + 1n]) {
    expect(isStrictEd25519(message, signature, little(point))).toBe(false);
    expect(isStrictEd25519(message, concat(little(point), little(1n)), ed25519.Point.BASE.toBytes())).toBe(false);
  }
});
