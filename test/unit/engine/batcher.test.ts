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
