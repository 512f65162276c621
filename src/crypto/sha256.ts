import { createHash, hash } from 'node:crypto';

export const hashLength = 32;

/** SHA-256 (FIPS 180-4) of the parts joined. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return plain(hash('sha256', parts[0] as Uint8Array, 'buffer'));
  const state = createHash('sha256');
  for (const part of parts) state.update(part);
  return plain(state.digest());
}

// A Buffer may be a window of Node's shared pool; callers get bytes of their own.
const plain = (buffer: Uint8Array): Uint8Array => new Uint8Array(buffer);
