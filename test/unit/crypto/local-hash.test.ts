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
    const wrong = { Blake3Hasher: { newKeyed: () => ({ update: () => ({ digestBuffer: () => Buffer.alloc(32) }) }) } };
    for (const load of [() => wrong, () => ({}), fails]) {
      const fallback = chooseLocalHash(load);
      expect(fallback.id).toBe(2);
      expect(toHex(fallback.hash(key, message))).not.toBe(toHex(localHash.hash(key, message)));
    }
  });

  it('differs by key', () => {
    expect(toHex(localHash.hash(key, message))).not.toBe(toHex(localHash.hash(new Uint8Array(32), message)));
  });
});
