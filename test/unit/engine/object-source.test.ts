import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { objectSource } from '../../../src/engine/transfer/object-source.ts';
import type { StorageApi } from '../../../src/remote/storage-api.ts';
import { seededRandom } from '../../fakes/seeded-random.ts';

const random = seededRandom('object source');

const sourceOf = (getObjects: StorageApi['getObjects']) =>
  objectSource({
    storage: { getObjects },
    vault: newId<VaultId>(random),
    signal: () => new AbortController().signal,
    clock: systemClock,
    maxRequests: 1,
    mostRequests: 1,
    roundTrip: () => 0,
    maxBatchBytes: 100,
    maxBatchCount: 100,
  });

test('what a server leaves out is missing, and nobody waits for it', async () => {
  const [sent, left] = [newId<ObjectId>(random), newId<ObjectId>(random)];
  const source = sourceOf(async function* () {
    yield { id: sent, bytes: Uint8Array.of(1) };
  });
  const [first, second] = await Promise.allSettled([source.fetch(sent, 1), source.fetch(left, 1)]);
  expect(first).toMatchObject({ status: 'fulfilled' });
  expect(second).toMatchObject({ status: 'rejected', reason: { kind: 'missing' } });
});

test('what several files want is asked for once, and each gets it in memory of its own', async () => {
  const [wanted, other] = [newId<ObjectId>(random), newId<ObjectId>(random)];
  const asked: (readonly ObjectId[])[] = [];
  const source = sourceOf(async function* (_, ids) {
    asked.push(ids);
    for (const id of ids) yield { id, bytes: Uint8Array.of(id === wanted ? 1 : 2) };
  });
  const opened = await Promise.all(
    [wanted, other, wanted, wanted].map(async (id) => {
      const bytes = await source.fetch(id, 1);
      // As a thread that opens it: nobody else has these any more.
      return [...structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] })];
    }),
  );
  expect(opened).toEqual([[1], [2], [1], [1]]);
  expect(asked).toEqual([[wanted, other]]);
});
