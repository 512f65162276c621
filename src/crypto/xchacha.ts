import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { notAuthentic } from './failure.ts';

export const xchachaNonceLength = 24;

/** XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): ciphertext, then the 16-byte tag. */
export const sealXchacha = (key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, plain: Uint8Array): Uint8Array =>
  xchacha20poly1305(key, nonce, aad).encrypt(plain);

/** The plaintext, or E_AUTH; the tag is checked before anything is decrypted. */
export function openXchacha(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
  try {
    return xchacha20poly1305(key, nonce, aad).decrypt(sealed);
  } catch {
    throw notAuthentic();
  }
}
