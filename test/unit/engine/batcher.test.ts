import { expect, test } from 'vitest';
import { batcher } from '../../../src/engine/transfer/batcher.ts';

/** A line on which each request takes `takes` milliseconds by a clock of its own, all that are under way at once. */
async function mostUnderWay(takes: number, roundTrip: number): Promise<number> {
  let now = 0;
  let most = 0;
  let underWay: (() => void)[] = [];
  const batches = batcher<number>({
    maxRequests: 2,
    mostRequests: 5,
    maxBatchBytes: 100,
    maxBatchCount: 1,
    roundTrip: () => roundTrip,
    clock: { sleep: async () => undefined, monotonic: () => now },
    sizeOf: () => 1,
    send: () => new Promise((resolve) => underWay.push(resolve)),
  });
  for (let item = 0; item < 40; item++) batches.add(item);
  for (let sent = 0; sent < 40; ) {
    await new Promise((resolve) => setImmediate(resolve));
    most = Math.max(most, underWay.length);
    sent += underWay.length;
    now += takes;
    const answered = underWay;
    underWay = [];
    for (const answer of answered) answer();
  }
  return most;
}

test('where answers wait for the way, more requests are under way, and never more than the most', async () => {
  expect(await mostUnderWay(60, 50)).toBe(5);
});

test('where the line is full, no more than usual', async () => {
  expect(await mostUnderWay(400, 50)).toBe(2);
  expect(await mostUnderWay(10, 0)).toBe(2);
});

/** Sizes of the requests that carry items of 10 bytes over a line of that rate, one at a time. */
async function requestsOver(bytesPerSecond: number, items: number): Promise<readonly number[]> {
  let now = 0;
  const sizes: number[] = [];
  const batches = batcher<number>({
    maxRequests: 1,
    mostRequests: 1,
    maxBatchBytes: 1000,
    maxBatchCount: 1000,
    roundTrip: () => 1,
    clock: { sleep: async () => undefined, monotonic: () => now },
    sizeOf: (item) => item,
    send: async (batch) => {
      const bytes = batch.reduce((sum, item) => sum + item, 0);
      sizes.push(bytes);
      now += (1000 * bytes) / bytesPerSecond;
    },
  });
  for (let item = 0; item < items; item++) batches.add(10);
  while (sizes.reduce((sum, size) => sum + size, 0) < 10 * items) await new Promise((resolve) => setImmediate(resolve));
  return sizes;
}

test('on a slow line a request carries what goes in some seconds, and one item at least', async () => {
  expect(await requestsOver(40, 200)).toEqual([1000, 200, 200, 200, 200, 200]);
  expect(await requestsOver(1, 105)).toEqual([1000, 10, 10, 10, 10, 10]);
  expect(await requestsOver(1000, 300)).toEqual([1000, 1000, 1000]);
});

test('parts of large things wait for what is not, keep no room from it, and travel apart', async () => {
  const sent: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const batches = batcher<string>({
    maxRequests: 2,
    mostRequests: 2,
    maxBatchBytes: 2,
    maxBatchCount: 2,
    roundTrip: () => 1,
    clock: { sleep: async () => undefined, monotonic: () => 0 },
    sizeOf: () => 1,
    send: (batch) => {
      sent.push(batch);
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  for (const part of ['A', 'B', 'C', 'D', 'E']) batches.add(part, true);
  await turn();
  expect(sent).toEqual([
    ['A', 'B'],
    ['C', 'D'],
  ]);
  for (const item of ['a', 'b', 'c']) batches.add(item);
  await turn();
  expect(sent.slice(2)).toEqual([['a', 'b']]);
  ends[0]?.();
  await turn();
  expect(sent.slice(3)).toEqual([['c']]);
  for (const end of ends) end();
  await turn();
  expect(sent.slice(4)).toEqual([['E']]);
});
