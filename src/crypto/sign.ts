import { type KeyObject, sign, verify } from 'node:crypto';
import { concat, fromHex, isEqual } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { labelPrefix, type SignLabel } from './labels.ts';
import { importPrivateKey, importPublicKey, publicOf } from './raw-key.ts';

export const signatureLength = 64;

/** An Ed25519 key pair, ready to sign. */
export interface SigningKey {
  readonly publicKey: Uint8Array;
  readonly privateKey: KeyObject;
}

/** From the 32-byte seed of RFC 8032; the public half is recomputed, never taken from elsewhere. */
export function signingKey(seed: Uint8Array): SigningKey {
  const privateKey = importPrivateKey('ed25519', seed);
  return { publicKey: publicOf(privateKey), privateKey };
}

/** `sign(label, message)` of FORMAT.md 1: 64 bytes. */
export const signMessage = (label: SignLabel, message: Uint8Array, key: SigningKey): Uint8Array =>
  new Uint8Array(sign(null, concat(labelPrefix(label), message), key.privateKey));

/** Whether the signature is `publicKey`'s over this message in this role. Never throws. */
export const isSigned = (
  label: SignLabel,
  message: Uint8Array,
  signature: Uint8Array,
  publicKey: Uint8Array,
): boolean => isStrictEd25519(concat(labelPrefix(label), message), signature, publicKey);

/**
 * Strict RFC 8032 verification: the cofactorless equation with S < L (OpenSSL and BoringSSL agree on it), and no small-order
 * or non-canonical points, which make one signature good for many messages or for some verifiers only.
 */
export function isStrictEd25519(message: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== signatureLength || publicKey.length !== 32) return false;
  if (!isPlainPoint(publicKey) || !isPlainPoint(signature.subarray(0, 32))) return false;
  try {
    return verify(null, message, importPublicKey('ed25519', publicKey), signature);
  } catch {
    return false;
  }
}

// y of the points of order 1, 2, 4 and 8, little-endian without the sign bit.
const smallOrder = [
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
].map((hex) => must(fromHex(hex)));

function isPlainPoint(encoded: Uint8Array): boolean {
  // A copy: slice() of a Buffer would share the caller's bytes.
  const y = new Uint8Array(encoded);
  y[31] = (y[31] as number) & 0x7f;
  return isBelowPrime(y) && !smallOrder.some((point) => isEqual(point, y));
}

/** y < 2^255 − 19. */
function isBelowPrime(y: Uint8Array): boolean {
  if (y[31] !== 0x7f || (y[0] as number) < 0xed) return true;
  for (let i = 1; i < 31; i++) if (y[i] !== 0xff) return true;
  return false;
}
