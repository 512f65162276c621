import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chunkSizeFor,
  chunkSizeForDelta,
  largeChunk,
  smallChunk,
  smallFileLimit,
} from '../../../src/chunk/chunk-size.ts';
import { packBatches } from '../../../src/chunk/pack-batches.ts';
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

test('batches keep the order, lose nothing, and stay within both limits unless one item is too large', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(150)), (sizes) => {
      const batches = [...packBatches(sizes, (size) => size, { maxBytes: 100, maxCount: 5 })];
      expect(batches.flat()).toEqual(sizes);
      for (const batch of batches) {
        expect(batch.length).toBeGreaterThan(0);
        expect(batch.length).toBeLessThanOrEqual(5);
        const bytes = batch.reduce((sum, size) => sum + size, 0);
        expect(bytes <= 100 || batch.length === 1).toBe(true);
      }
    }),
  );
});
