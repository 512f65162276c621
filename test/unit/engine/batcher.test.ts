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

test('the lightest goes first, and what is light travels apart, for which there is room for one more request', async () => {
  const sent: string[] = [];
  const ends: (() => void)[] = [];
  const batches = batcher<string>({
    maxRequests: 2,
    mostRequests: 2,
    maxBatchBytes: 2,
    maxBatchCount: 2,
    roundTrip: () => 1,
    clock: { sleep: async () => undefined, monotonic: () => 0 },
    sizeOf: () => 1,
    send: (batch, isLight) => {
      sent.push(`${batch.join('')}${isLight ? ' light' : ''}`);
      return new Promise((resolve) => ends.push(resolve));
    },
  });
  const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const seen = async (): Promise<readonly string[]> => {
    await turn();
    return sent.splice(0);
  };
  for (const part of ['A', 'B', 'C', 'D', 'E', 'F']) batches.add(part, 3e6);
  batches.add('M', 2e6);
  expect(await seen()).toEqual(['MA', 'BC']);
  for (const item of ['b', 'c']) batches.add(item, 1000);
  batches.add('a');
  expect(await seen()).toEqual(['ab light']);
  ends[0]?.();
  expect(await seen()).toEqual(['c light']);
  for (const end of ends) end();
  expect(await seen()).toEqual(['DE', 'F']);
});
