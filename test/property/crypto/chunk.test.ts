import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newId, type ObjectId } from '../../../src/common/ids.ts';
import {
  maxChunkLength,
  type ObjectType,
  openChunk,
  resealsTo,
  sealChunk,
  sealChunkWith,
  sealedLength,
} from '../../../src/crypto/chunk.ts';
import { sha256 } from '../../../src/crypto/sha256.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';
import { expectStop } from '../../helpers/security.ts';

const random = seededRandom('chunk properties');
const plain = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 10_000 }),
  fc.constantFrom(4095, 4096, 4097, 65_536, 300_000).map((length) => new Uint8Array(length).fill(length)),
);
const type = fc.constantFrom<ObjectType>('chunk', 'manifest-page', 'state-page');

describe('a sealed chunk', () => {
  it('opens to what was sealed, and nothing of it shows', () => {
    fc.assert(
      fc.property(plain, type, (bytes, role) => {
        const chunk = sealChunk(bytes, random, role);
        expect(chunk.sealed.length).toBe(sealedLength(bytes.length));
        expect(Buffer.compare(openChunk(chunk, chunk.sealed, role), bytes)).toBe(0);
        if (bytes.length >= 16)
          expect(Buffer.from(chunk.sealed).includes(Buffer.from(bytes.subarray(0, 16)))).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  it('F-SUITE-3: is refused whole with any one bit turned over, even if its hash is pinned anew', () => {
    fc.assert(
      fc.property(plain, fc.nat(), fc.nat({ max: 7 }), (bytes, at, bit) => {
        const chunk = sealChunk(bytes, random);
        const index = at % chunk.sealed.length;
        chunk.sealed[index] = (chunk.sealed[index] as number) ^ (1 << bit);
        expectStop(() => openChunk(chunk, chunk.sealed), 'E_AUTH');
        expectStop(() => openChunk({ ...chunk, hash: sha256(chunk.sealed) }, chunk.sealed), 'E_AUTH');
      }),
      { numRuns: 60 },
    );
  });

  it('F-CHUNK-4: is new each time, and the same again only with its own id and secret', () => {
    fc.assert(
      fc.property(plain, (bytes) => {
        const chunk = sealChunk(bytes, random);
        const again = sealChunk(bytes, random);
        expect(Buffer.compare(again.sealed.subarray(0, 32), chunk.sealed.subarray(0, 32))).not.toBe(0);
        const same = sealChunkWith(chunk.objectId, chunk.secret, bytes);
        expect(Buffer.compare(same.sealed, chunk.sealed)).toBe(0);
        expect(resealsTo(chunk, bytes)).toBe(true);
        expect(resealsTo(again, Uint8Array.of(...bytes.subarray(0, 500), 1))).toBe(false);
      }),
      { numRuns: 30 },
    );
  });

  it('holds 1 byte to 4 MiB', () => {
    const whole = new Uint8Array(maxChunkLength).fill(1);
    const chunk = sealChunk(whole, random);
    expect(chunk.sealed.length).toBe(maxChunkLength + 16);
    expect(Buffer.compare(openChunk(chunk, chunk.sealed), whole)).toBe(0);
    expect(() => sealChunk(new Uint8Array(), random)).toThrow();
    expect(() => sealChunk(new Uint8Array(maxChunkLength + 1), random)).toThrow();
    const id = newId<ObjectId>(random);
    expect(() => sealChunkWith(id, new Uint8Array(31), whole)).toThrow();
  });

  it('opens from a window of a larger buffer', () => {
    const chunk = sealChunk(Uint8Array.of(1, 2, 3), random);
    const larger = Buffer.concat([Buffer.alloc(7), chunk.sealed, Buffer.alloc(9)]);
    expect([...openChunk(chunk, larger.subarray(7, 7 + chunk.sealed.length))]).toEqual([1, 2, 3]);
  });
});
