import { expect, test } from 'vitest';
import { largeChunk } from '../../../src/chunk/chunk-size.ts';
import { newId, type ObjectId } from '../../../src/common/ids.ts';
import { sealedLength } from '../../../src/crypto/chunk.ts';
import type { ContentCrypto, SealedPiece } from '../../../src/engine/transfer/content-crypto.ts';
import { type ContentMoverOptions, contentMover } from '../../../src/engine/transfer/content-mover.ts';
import type { Semaphore } from '../../../src/engine/transfer/semaphore.ts';
import { pairBudget, type TransferBudget, transferBudget } from '../../../src/engine/transfer/transfer-budget.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { eventually } from '../../helpers/eventually.ts';
import { noPassage } from '../../helpers/no-passage.ts';
import { random } from '../../helpers/test-account.ts';

const moverWithin = (budget: TransferBudget) =>
  contentMover({} as ContentCrypto, { budget } as Partial<ContentMoverOptions> as ContentMoverOptions);

test('of the largest chunks eight go and five come at once where the line takes them in some seconds, and half as many elsewhere', async () => {
  let now = 0;
  let takes = 0;
  const mover = contentMover(
    {} as ContentCrypto,
    {
      budget: transferBudget(),
      clock: { sleep: async () => undefined, monotonic: () => now, now: () => now },
      onLine: { signal: new AbortController().signal },
      onSending: noPassage,
      storage: {
        roundTrip: () => 0,
        putObjects: async () => {
          now += takes;
        },
        async *getObjects(_, ids) {
          now += takes;
          for (const id of ids) yield { id, bytes: new Uint8Array(1) };
        },
      } as Partial<StorageApi> as StorageApi,
    } as Partial<ContentMoverOptions> as ContentMoverOptions,
  );
  const { memoryDown, memoryUp, source, store } = mover;
  const largest = async (memory: Semaphore, each: number): Promise<number> => {
    let entered = 0;
    const releases: (() => void)[] = [];
    const asked = Array.from({ length: 20 }, async () => {
      const release = await memory.acquire(each);
      entered++;
      releases.push(release);
    });
    await new Promise((resolve) => setImmediate(resolve));
    const most = entered;
    while (entered < asked.length || releases.length > 0) {
      releases.shift()?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(memory.used).toBe(0);
    return most;
  };
  const send = async (bytes: number, ms: number): Promise<number> => {
    takes = ms;
    await store.storePage({ sealed: new Uint8Array(bytes), plainLength: bytes } as SealedPiece);
    return largest(memoryUp, largeChunk);
  };
  const fetch = async (bytes: number, ms: number): Promise<number> => {
    takes = ms;
    await source.fetch(newId<ObjectId>(random), bytes);
    // The rate is told once the whole answer is here, of which this was a part.
    await new Promise((resolve) => setImmediate(resolve));
    return largest(memoryDown, largeChunk + sealedLength(largeChunk));
  };
  expect(await largest(memoryUp, largeChunk)).toBe(4);
  expect(await send(largeChunk, 500)).toBe(8);
  expect(await send(1000, 500), 'what is small tells nothing').toBe(8);
  expect(await send(largeChunk, 2000)).toBe(4);
  expect(await largest(memoryDown, largeChunk + sealedLength(largeChunk))).toBe(2);
  expect(await fetch(largeChunk, 500)).toBe(5);
  expect(await fetch(1000, 500), 'what is small tells nothing').toBe(5);
  expect(await fetch(largeChunk, 2000)).toBe(2);
});

test.each([
  ['memoryUp', 'up', 2],
  ['memoryDelta', 'delta', 3],
  ['memoryDown', 'down', 2],
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
