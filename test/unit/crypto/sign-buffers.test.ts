import { describe, expect, it } from 'vitest';
import { isSigned, signingKey, signMessage } from '../../../src/crypto/sign.ts';

describe('signatures as Buffers, which is what databases and files give', () => {
  it('verify as plain bytes do, and are left as they were', () => {
    const key = signingKey(new Uint8Array(32).fill(7));
    // Half of all signatures have the bit set that a shared copy would lose.
    for (let i = 0; i < 16; i++) {
      const message = Buffer.from(`message ${i}`);
      const signature = Buffer.from(signMessage('entry', message, key));
      const publicKey = Buffer.from(key.publicKey);
      const before = [signature.toString('hex'), publicKey.toString('hex')];
      expect(isSigned('entry', message, signature, publicKey)).toBe(true);
      expect([signature.toString('hex'), publicKey.toString('hex')]).toEqual(before);
    }
  });
});
