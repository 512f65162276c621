import { memoryUsage } from 'node:process';
import { expect, test } from 'vitest';
import { maxChunkLength, resealsTo, sealChunk } from '../../../src/crypto/chunk.ts';
import { systemRandom } from '../../../src/crypto/random.ts';

test('a chunk that is compared leaves nothing large to the collector: a file that is looked through has a thousand of them', () => {
  const plain = new Uint8Array(maxChunkLength);
  const chunk = sealChunk(plain, systemRandom);
  const before = memoryUsage().arrayBuffers;
  for (let i = 0; i < 4; i++) expect(resealsTo(chunk, plain)).toBe(true);
  expect(memoryUsage().arrayBuffers - before).toBeLessThan(1024 * 1024);
});
