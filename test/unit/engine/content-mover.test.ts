import { expect, test } from 'vitest';
import { largeChunk } from '../../../src/chunk/chunk-size.ts';
import { sealedLength } from '../../../src/crypto/chunk.ts';
import type { ContentCrypto, SealedPiece } from '../../../src/engine/transfer/content-crypto.ts';
import { type ContentMoverOptions, contentMover } from '../../../src/engine/transfer/content-mover.ts';
import { pairBudget, type TransferBudget, transferBudget } from '../../../src/engine/transfer/transfer-budget.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { eventually } from '../../helpers/eventually.ts';
import { noPassage } from '../../helpers/no-passage.ts';

const moverWithin = (budget: TransferBudget) =>
  contentMover({} as ContentCrypto, { budget } as Partial<ContentMoverOptions> as ContentMoverOptions);

test('of the largest chunks as many come at once as there are requests', async () => {
  const { memoryDown } = moverWithin(transferBudget());
  const each = largeChunk + sealedLength(largeChunk);
  for (let request = 0; request < 3; request++) void memoryDown.acquire(each);
  expect(memoryDown.used).toBe(3 * each);
});

test('of the largest chunks eight are under way where the line takes them in some seconds, and four elsewhere', async () => {
  let now = 0;
  let takes = 0;
  const mover = contentMover(
    {} as ContentCrypto,
    {
      budget: transferBudget(),
      clock: { sleep: async () => undefined, monotonic: () => now, now: () => now },
      onSending: noPassage,
      storage: {
        roundTrip: () => 0,
        putObjects: async () => {
          now += takes;
        },
      } as Partial<StorageApi> as StorageApi,
    } as Partial<ContentMoverOptions> as ContentMoverOptions,
  );
  const { memoryUp, store } = mover;
  const largest = async (): Promise<number> => {
    let entered = 0;
    const releases: (() => void)[] = [];
    const asked = Array.from({ length: 20 }, async () => {
      const release = await memoryUp.acquire(largeChunk);
      entered++;
      releases.push(release);
    });
    await new Promise((resolve) => setImmediate(resolve));
    const most = entered;
    while (entered < asked.length || releases.length > 0) {
      releases.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(memoryUp.used).toBe(0);
    return most;
  };
  const send = async (bytes: number, ms: number): Promise<number> => {
    takes = ms;
    await store.storePage({ sealed: new Uint8Array(bytes), plainLength: bytes } as SealedPiece);
    return largest();
  };
  expect(await largest()).toBe(4);
  expect(await send(largeChunk, 500)).toBe(8);
  expect(await send(1000, 500), 'what is small tells nothing').toBe(8);
  expect(await send(largeChunk, 2000)).toBe(4);
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
