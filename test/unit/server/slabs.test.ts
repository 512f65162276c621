import { expect, test } from 'vitest';
import { createSlabs } from '../../../src/server/slabs.ts';

const mib = 1024 * 1024;

test('a large buffer is used again, by one holder at a time', () => {
  const slabs = createSlabs();
  const one = slabs.take(2 * mib);
  const two = slabs.take(2 * mib);
  expect(two.buffer).not.toBe(one.buffer);
  slabs.giveBack(one);
  expect(slabs.take(2 * mib - 5).buffer).toBe(one.buffer);
  expect(slabs.take(2 * mib).buffer).not.toBe(one.buffer);
});

test('a buffer is not much larger than what is asked for, as a group of small files with the last one above 2 MiB', () => {
  const slabs = createSlabs();
  for (const length of [100_000, 300_000, mib, 2 * mib + 8000, 2 * mib + 64 * 1024 + 256 * 24, 4 * mib + 16]) {
    const { buffer } = slabs.take(length);
    expect(buffer.byteLength - length, `for ${length} bytes`).toBeLessThan(mib);
    for (const near of [buffer.byteLength - 1, buffer.byteLength, buffer.byteLength + 1]) {
      expect(slabs.take(near).length).toBe(near);
    }
  }
});

test('what is kept is bounded in all, whatever the sizes', () => {
  const slabs = createSlabs(10 * mib);
  const lent = [300_000, 300_000, 2 * mib, 2 * mib, 2 * mib, 4 * mib, 4 * mib, 8 * mib].map((each) => slabs.take(each));
  for (const slab of lent) slabs.giveBack(slab);
  expect(slabs.keptBytes).toBeGreaterThan(6 * mib);
  expect(slabs.keptBytes).toBeLessThanOrEqual(10 * mib);
  for (const length of [300_000, 2 * mib, 4 * mib, 8 * mib]) for (let i = 0; i < 20; i++) slabs.take(length);
  expect(slabs.keptBytes).toBe(0);
});

test('small buffers are never kept', () => {
  const slabs = createSlabs();
  slabs.giveBack(slabs.take(10_000));
  expect(slabs.keptBytes).toBe(0);
});
