import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto';
import { hchacha, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { wipe } from './constant-time.ts';
import { notAuthentic } from './failure.ts';

export const xchachaNonceLength = 24;

/** The part of a nonce that makes a key of its own. */
const subkeyNonceLength = 16;

export type SealXchacha = (nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array) => Uint8Array;

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03); ciphertext, then the 16-byte tag. */
export interface Xchacha {
  /** For nonces whose first 16 bytes are those of `first`: what costs most is done once. Each has to be another one. */
  sealer(key: Uint8Array, first: Uint8Array): SealXchacha;
  /** Throws E_AUTH; nothing of the plaintext is given out before the tag was checked. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array;
}

/** In JavaScript: for where OpenSSL has no ChaCha20, as in Electron. */
export const portableXchacha: Xchacha = {
  sealer: (key) => (nonce, aad, plain) => xchacha20poly1305(key, nonce, aad).encrypt(plain),
  open: (key, nonce, aad, sealed) => {
    try {
      return xchacha20poly1305(key, nonce, aad).decrypt(sealed);
    } catch {
      throw notAuthentic();
    }
  },
};

const algorithm = 'chacha20-poly1305';
const tagLength = 16;
const sigma = new Uint32Array(new TextEncoder().encode('expand 32-byte k').buffer);

/** ChaCha20 with a key made of this one and the nonce's first 16 bytes, and the rest as nonce, is all that XChaCha20 is. */
function subkeyOf(key: Uint8Array, nonce: Uint8Array): KeyObject {
  if (key.length !== 32 || nonce.length !== xchachaNonceLength) {
    throw new RangeError('a key or nonce of a wrong length');
  }
  const longKey = new Uint32Array(key.slice().buffer);
  const subkey = new Uint32Array(8);
  hchacha(sigma, longKey, new Uint32Array(nonce.slice(0, subkeyNonceLength).buffer), subkey);
  const bytes = new Uint8Array(subkey.buffer);
  try {
    return createSecretKey(bytes);
  } finally {
    wipe(bytes, new Uint8Array(longKey.buffer));
  }
}

function shortNonce(nonce: Uint8Array): Uint8Array {
  const short = new Uint8Array(12);
  short.set(nonce.subarray(subkeyNonceLength), 4);
  return short;
}

/** By OpenSSL: from a third faster when warm to three times when a program has just begun. */
export const nativeXchacha: Xchacha = {
  sealer: (key, first) => {
    const subkey = subkeyOf(key, first);
    return (nonce, aad, plain) => {
      const cipher = createCipheriv(algorithm, subkey, shortNonce(nonce), { authTagLength: tagLength });
      cipher.setAAD(aad, { plaintextLength: plain.length });
      const out = new Uint8Array(plain.length + tagLength);
      out.set(cipher.update(plain));
      cipher.final();
      out.set(cipher.getAuthTag(), plain.length);
      return out;
    };
  },
  open: (key, nonce, aad, sealed) => {
    const length = sealed.length - tagLength;
    if (length < 0 || key.length !== 32 || nonce.length !== xchachaNonceLength) throw notAuthentic();
    const subkey = subkeyOf(key, nonce);
    const decipher = createDecipheriv(algorithm, subkey, shortNonce(nonce), { authTagLength: tagLength });
    decipher.setAAD(aad, { plaintextLength: length });
    decipher.setAuthTag(sealed.subarray(length));
    const out = decipher.update(sealed.subarray(0, length));
    try {
      decipher.final();
    } catch {
      wipe(out);
      throw notAuthentic();
    }
    return new Uint8Array(out);
  },
};

/** Whether this build of Node has ChaCha20, as this one box tells; that it is right is for the self-test. */
function isNative(): boolean {
  const noNonce = new Uint8Array(xchachaNonceLength);
  try {
    nativeXchacha.sealer(new Uint8Array(32), noNonce)(noNonce, new Uint8Array(), new Uint8Array());
    return true;
  } catch {
    return false;
  }
}

let chosen: Xchacha | null = null;
const xchacha = (): Xchacha => {
  chosen ??= isNative() ? nativeXchacha : portableXchacha;
  return chosen;
};

export const xchachaSealer: Xchacha['sealer'] = (key, first) => xchacha().sealer(key, first);
export const sealXchacha = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array =>
  xchachaSealer(key, nonce)(nonce, aad, plain);
export const openXchacha: Xchacha['open'] = (key, nonce, aad, sealed) => xchacha().open(key, nonce, aad, sealed);
