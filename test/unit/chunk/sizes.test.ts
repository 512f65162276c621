import { expect, test } from 'vitest';
import {
  chunkSizeFor,
  chunkSizeForDelta,
  largeChunk,
  smallChunk,
  smallFileLimit,
} from '../../../src/chunk/chunk-size.ts';
import { splitFixed } from '../../../src/chunk/split-fixed.ts';

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

test('fixed pieces cover the file in order; only the last is shorter', () => {
  expect([...splitFixed(0, 10)]).toEqual([]);
  expect([...splitFixed(20, 10)]).toEqual([
    { offset: 0, length: 10 },
    { offset: 10, length: 10 },
  ]);
  expect([...splitFixed(21, 10)].at(-1)).toEqual({ offset: 20, length: 1 });
});
