/** The primitives of src/crypto once more, on @noble alone: native code has no part in what these give. */
import type { KeyObject } from 'node:crypto';
import { gcm } from '@noble/ciphers/aes.js';
import { ed25519, x25519 } from '@noble/curves/ed25519.js';
import { expand, hkdf } from '@noble/hashes/hkdf.js';
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js';
import { concat } from '../../src/common/bytes.ts';
import { notAuthentic } from '../../src/crypto/failure.ts';
import { labelPrefix, type SignLabel } from '../../src/crypto/labels.ts';
import type { SigningKey } from '../../src/crypto/sign.ts';
import type { AgreementKey } from '../../src/crypto/x25519.ts';
import { refEd25519 } from './reference.ts';

/** In the place of Node's key there are the raw bytes, which only this file looks at. */
const asKey = (bytes: Uint8Array): KeyObject => bytes.slice() as unknown as KeyObject;
const rawOf = (key: { readonly privateKey: KeyObject }): Uint8Array => key.privateKey as unknown as Uint8Array;

export const aesGcm = {
  tagLength: 16,
  openAesGcm: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array => {
    try {
      return gcm(key, nonce, aad).decrypt(sealed);
    } catch {
      throw notAuthentic();
    }
  },
  sealAesGcm: (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array, padded = plain.length) =>
    gcm(key, nonce, aad).encrypt(concat(plain, new Uint8Array(padded - plain.length))),
};

export const hashes = { sha256: (...parts: readonly Uint8Array[]): Uint8Array => nobleSha256(concat(...parts)) };

export const derivations = {
  hkdfSha256: (ikm: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Uint8Array =>
    hkdf(nobleSha256, ikm, salt, info, length),
  hkdfExpand: (prk: Uint8Array, info: Uint8Array, length: number): Uint8Array => expand(nobleSha256, prk, info, length),
};

const message = (label: SignLabel, bytes: Uint8Array): Uint8Array => concat(labelPrefix(label), bytes);

export const signatures = {
  signatureLength: 64,
  signingKey: (seed: Uint8Array): SigningKey => {
    if (seed.length !== 32) throw notAuthentic();
    return { publicKey: ed25519.getPublicKey(seed), privateKey: asKey(seed) };
  },
  signMessage: (label: SignLabel, bytes: Uint8Array, key: SigningKey): Uint8Array =>
    ed25519.sign(message(label, bytes), rawOf(key)),
  isSigned: (label: SignLabel, bytes: Uint8Array, signature: Uint8Array, publicKey: Uint8Array): boolean =>
    refEd25519(message(label, bytes), signature, publicKey),
  isStrictEd25519: refEd25519,
};

export const agreements = {
  agreementKey: (bytes: Uint8Array): AgreementKey => {
    if (bytes.length !== 32) throw notAuthentic();
    return { publicKey: x25519.getPublicKey(bytes), privateKey: asKey(bytes) };
  },
  agree: (key: AgreementKey, publicKey: Uint8Array): Uint8Array => {
    try {
      return x25519.getSharedSecret(rawOf(key), publicKey);
    } catch {
      throw notAuthentic();
    }
  },
};
