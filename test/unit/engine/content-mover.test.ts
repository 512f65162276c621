import { expect, test } from 'vitest';
import { largeChunk } from '../../../src/chunk/chunk-size.ts';
import { sealedLength } from '../../../src/crypto/chunk.ts';
import type { ContentCrypto } from '../../../src/engine/transfer/content-crypto.ts';
import { type ContentMoverOptions, contentMover } from '../../../src/engine/transfer/content-mover.ts';
import { pairBudget, type TransferBudget, transferBudget } from '../../../src/engine/transfer/transfer-budget.ts';
import { eventually } from '../../helpers/eventually.ts';

const moverWithin = (budget: TransferBudget) =>
  contentMover({} as ContentCrypto, { budget } as Partial<ContentMoverOptions> as ContentMoverOptions);

test('of the largest chunks as many come at once as there are requests', async () => {
  const { memoryDown } = moverWithin(transferBudget());
  const each = largeChunk + sealedLength(largeChunk);
  for (let request = 0; request < 3; request++) void memoryDown.acquire(each);
  expect(memoryDown.used).toBe(3 * each);
});

test.each([
  ['memoryUp', 'up', 2],
  ['memoryDelta', 'delta', 3],
  ['memoryDown', 'down', 3],
] as const)('forty folders at once take no more than a few do, each its share: %s', async (memory, kind, few) => {
  const budget = transferBudget();
  const movers = Array.from({ length: 40 }, () => moverWithin(budget));
  const held: (() => void)[] = [];
  const asked = movers.flatMap((mover) => [1, 2, 3].map(() => mover[memory].acquire(pairBudget[kind])));
  for (const each of asked) void each.then((release) => held.push(release));
  for (let folder = 0; folder < 120; folder++) {
    await eventually(() => held.length > 0);
    expect(budget[kind].used).toBeLessThanOrEqual(few * pairBudget[kind]);
    held.shift()?.();
  }
  await Promise.all(asked);
  expect(budget[kind].used).toBe(0);
});
