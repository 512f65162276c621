import { createCipheriv, createHash } from 'node:crypto';

/** Bytes that nothing can compress, the same for the same seed, at the speed of AES. */
export function randomBytes(seed: string): (length: number) => Buffer {
  const key = createHash('sha256').update(seed).digest();
  const stream = createCipheriv('aes-128-ctr', key.subarray(0, 16), key.subarray(16));
  return (length) => stream.update(Buffer.alloc(length));
}
