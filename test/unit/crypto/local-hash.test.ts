import { blake3 } from '@noble/hashes/blake3.js';
import { describe, expect, it } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { chooseLocalHash, localHash } from '../../../src/crypto/local-hash.ts';

const key = new Uint8Array(32).fill(5);
const message = new TextEncoder().encode('a chunk of a file');

describe('the local hash', () => {
  it('is keyed BLAKE3 where the addon loads', () => {
    expect(localHash.id).toBe(1);
    expect(toHex(localHash.hash(key, message))).toBe(toHex(blake3(message, { key })));
  });

  it('is another hash, and says so, where the addon is missing or wrong', () => {
    const fails = (): never => {
      throw new Error('Cannot find module');
    };
    const hasher = { reset: () => undefined, update: () => ({ digestBuffer: () => Buffer.alloc(32) }) };
    const wrong = { Blake3Hasher: { newKeyed: () => hasher } };
    for (const load of [() => wrong, () => ({}), fails]) {
      const fallback = chooseLocalHash(load);
      expect(fallback.id).toBe(2);
      expect(toHex(fallback.hash(key, message))).not.toBe(toHex(localHash.hash(key, message)));
    }
  });

  it('has nothing left of the message before, nor of another key', () => {
    const reused = new Uint8Array(32);
    for (const [at, length] of [0, 1, 64, 5000, 0, 3 << 20, 17].entries()) {
      // Bytes of a key that was used may be overwritten: so it is done when an account is closed.
      if (at % 2 === 0) reused.fill(at);
      const bytes = new Uint8Array(length).fill(at);
      expect(toHex(localHash.hash(reused, bytes))).toBe(toHex(blake3(bytes, { key: reused })));
    }
  });

  it('differs by key', () => {
    expect(toHex(localHash.hash(key, message))).not.toBe(toHex(localHash.hash(new Uint8Array(32), message)));
  });
});
