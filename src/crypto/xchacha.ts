import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { hchacha, xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { wipe } from './constant-time.ts';
import { notAuthentic } from './failure.ts';

export const xchachaNonceLength = 24;

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03); ciphertext, then the 16-byte tag. */
export interface Xchacha {
  seal(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array;
  /** Throws E_AUTH; nothing of the plaintext is given out before the tag was checked. */
  open(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array;
}

/** In JavaScript: for where OpenSSL has no ChaCha20, as in Electron. */
export const portableXchacha: Xchacha = {
  seal: (key, nonce, aad, plain) => xchacha20poly1305(key, nonce, aad).encrypt(plain),
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
function withSubkey<T>(key: Uint8Array, nonce: Uint8Array, use: (key: Uint8Array, nonce: Uint8Array) => T): T {
  if (key.length !== 32 || nonce.length !== xchachaNonceLength)
    throw new RangeError('a key or nonce of a wrong length');
  const longKey = new Uint32Array(key.slice().buffer);
  const subkey = new Uint32Array(8);
  hchacha(sigma, longKey, new Uint32Array(nonce.slice(0, 16).buffer), subkey);
  const shortNonce = new Uint8Array(12);
  shortNonce.set(nonce.subarray(16), 4);
  const bytes = new Uint8Array(subkey.buffer);
  try {
    return use(bytes, shortNonce);
  } finally {
    wipe(bytes, new Uint8Array(longKey.buffer));
  }
}

/** By OpenSSL: from a third faster when warm to three times when a program has just begun. */
export const nativeXchacha: Xchacha = {
  seal: (key, nonce, aad, plain) =>
    withSubkey(key, nonce, (subkey, shortNonce) => {
      const cipher = createCipheriv(algorithm, createSecretKey(subkey), shortNonce, { authTagLength: tagLength });
      cipher.setAAD(aad, { plaintextLength: plain.length });
      const out = new Uint8Array(plain.length + tagLength);
      out.set(cipher.update(plain));
      cipher.final();
      out.set(cipher.getAuthTag(), plain.length);
      return out;
    }),
  open: (key, nonce, aad, sealed) => {
    const length = sealed.length - tagLength;
    if (length < 0 || key.length !== 32 || nonce.length !== xchachaNonceLength) throw notAuthentic();
    return withSubkey(key, nonce, (subkey, shortNonce) => {
      const decipher = createDecipheriv(algorithm, createSecretKey(subkey), shortNonce, { authTagLength: tagLength });
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
    });
  },
};

/** Whether this build of Node has ChaCha20, as this one box tells; that it is right is for the self-test. */
function isNative(): boolean {
  try {
    nativeXchacha.seal(new Uint8Array(32), new Uint8Array(24), new Uint8Array(), new Uint8Array());
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

export const sealXchacha: Xchacha['seal'] = (key, nonce, aad, plain) => xchacha().seal(key, nonce, aad, plain);
export const openXchacha: Xchacha['open'] = (key, nonce, aad, sealed) => xchacha().open(key, nonce, aad, sealed);
