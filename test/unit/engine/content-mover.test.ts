import { expect, test } from 'vitest';
import { largeChunk } from '../../../src/chunk/chunk-size.ts';
import { sealedLength } from '../../../src/crypto/chunk.ts';
import type { ContentCrypto } from '../../../src/engine/content-crypto.ts';
import { type ContentMoverOptions, contentMover } from '../../../src/engine/content-mover.ts';

test('of the largest chunks as many come at once as there are requests', async () => {
  const { memoryDown } = contentMover({} as ContentCrypto, {} as ContentMoverOptions);
  const each = largeChunk + sealedLength(largeChunk);
  for (let request = 0; request < 3; request++) void memoryDown.acquire(each);
  expect(memoryDown.used).toBe(3 * each);
});
