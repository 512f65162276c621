import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import { fromHex, isEqual } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { constantTimeEqual } from './constant-time.ts';

/**
 * The keyed hash by which the local index finds equal content. It never leaves the device. `id` goes into the index: one
 * made with another hash is discarded, never mixed.
 */
export interface LocalHash {
  /** 1: BLAKE3 keyed (native). 2: HMAC-SHA-256. */
  readonly id: 1 | 2;
  /** 32 bytes. `key`: 32 bytes. */
  hash(key: Uint8Array, bytes: Uint8Array): Uint8Array;
}

const hmac: LocalHash = {
  id: 2,
  hash: (key, bytes) => new Uint8Array(createHmac('sha256', key).update(bytes).digest()),
};

interface Blake3Addon {
  readonly Blake3Hasher: {
    newKeyed(key: Buffer): Blake3Hasher;
  };
}

interface Blake3Hasher {
  /** As it was made: keyed, and without a message. */
  reset(): void;
  update(bytes: Uint8Array): { digestBuffer(): Buffer };
}

/** To make a hasher, and to collect it, takes longer than hashing a small file: the last key's is used again. */
function keyedBlake3({ Blake3Hasher }: Blake3Addon): LocalHash['hash'] {
  let last: { readonly key: Uint8Array; readonly hasher: Blake3Hasher } | null = null;
  return (key, bytes) => {
    if (last === null || !constantTimeEqual(last.key, key)) {
      last = { key: key.slice(), hasher: Blake3Hasher.newKeyed(Buffer.from(key)) };
    }
    last.hasher.reset();
    return new Uint8Array(last.hasher.update(bytes).digestBuffer());
  };
}

// Key and empty message of the official BLAKE3 vectors.
const probeKey = new TextEncoder().encode('whats the Elvish word for friend');
const probeAnswer = must(fromHex('92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26'));

/** BLAKE3 by the native addon if it loads and gives the known answer (6 GB/s), else HMAC-SHA-256 (1.7 GB/s). */
export function chooseLocalHash(
  load: () => unknown = () => createRequire(import.meta.url)('@napi-rs/blake-hash'),
): LocalHash {
  try {
    const blake3: LocalHash = { id: 1, hash: keyedBlake3(load() as Blake3Addon) };
    return isEqual(blake3.hash(probeKey, new Uint8Array()), probeAnswer) ? blake3 : hmac;
  } catch {
    return hmac;
  }
}

/** This machine's. */
export const localHash: LocalHash = chooseLocalHash();
