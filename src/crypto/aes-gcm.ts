import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { freeMemory } from '../common/free-memory.ts';
import { notAuthentic } from './failure.ts';

export const tagLength = 16;
const algorithm = 'aes-256-gcm';
// Slices stay in the processor's cache between cipher and copy; a whole chunk at once costs a third more.
const sliceLength = 256 * 1024;
const zeros = new Uint8Array(sliceLength);
// Keys are given as key objects: Node takes 9 µs longer to find out that bytes are none.

/**
 * AES-256-GCM over `plain` followed by zeros up to `paddedLength`: the ciphertext, then the 16-byte tag, in one new
 * buffer. The caller guarantees that (key, nonce) is used for one plaintext only.
 */
export function sealAesGcm(
  key: Uint8Array,
  nonce: Uint8Array,
  aad: Uint8Array,
  plain: Uint8Array,
  paddedLength = plain.length,
): Uint8Array {
  const cipher = createCipheriv(algorithm, createSecretKey(key), nonce, { authTagLength: tagLength });
  cipher.setAAD(aad);
  const out = Buffer.allocUnsafeSlow(paddedLength + tagLength);
  for (let at = 0; at < plain.length; at += sliceLength) {
    const slice = cipher.update(plain.subarray(at, at + sliceLength));
    out.set(slice, at);
    freeMemory(slice);
  }
  for (let at = plain.length; at < paddedLength; at += sliceLength) {
    out.set(cipher.update(zeros.subarray(0, Math.min(sliceLength, paddedLength - at))), at);
  }
  cipher.final();
  out.set(cipher.getAuthTag(), paddedLength);
  return new Uint8Array(out.buffer, out.byteOffset, out.length);
}

/** The plaintext, given out only after the tag was checked. Throws E_AUTH. */
export function openAesGcm(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, sealed: Uint8Array): Uint8Array {
  const length = sealed.length - tagLength;
  if (length < 0) throw notAuthentic();
  // Node takes tags of 4 to 16 bytes unless the length is fixed here.
  const decipher = createDecipheriv(algorithm, createSecretKey(key), nonce, { authTagLength: tagLength });
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(length));
  const out = decipher.update(sealed.subarray(0, length));
  try {
    decipher.final();
  } catch {
    out.fill(0);
    throw notAuthentic();
  }
  return new Uint8Array(out.buffer, out.byteOffset, out.length);
}
