import { expect, test } from 'vitest';
import {
  chunkSizeFor,
  chunkSizeForDelta,
  largeChunk,
  smallChunk,
  smallFileLimit,
} from '../../../src/chunk/chunk-size.ts';

test('chunks are 1 MiB up to 256 MiB, and 4 MiB above', () => {
  expect([0, 1, smallFileLimit].map(chunkSizeFor)).toEqual([smallChunk, smallChunk, smallChunk]);
  expect(chunkSizeFor(smallFileLimit + 1)).toBe(largeChunk);
});

test('a file that grows or shrinks past the limit keeps its chunk size for a while', () => {
  expect(chunkSizeForDelta(smallFileLimit + 1, smallChunk)).toBe(smallChunk);
  expect(chunkSizeForDelta(smallFileLimit * 4 + 1, smallChunk)).toBe(largeChunk);
  expect(chunkSizeForDelta(smallFileLimit, largeChunk)).toBe(largeChunk);
  expect(chunkSizeForDelta(smallFileLimit / 4, largeChunk)).toBe(smallChunk);
});
