import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { chunkStore } from '../../../src/engine/chunk-store.ts';
import type { ContentCrypto } from '../../../src/engine/content-crypto.ts';
import { vaultContextWorld } from '../../helpers/vault-context.ts';

/** Real crypto, index and server, but for what `make` changes of the first. */
async function storeWith(make: (crypto: ContentCrypto) => Partial<ContentCrypto>) {
  const world = vaultContextWorld('chunk store');
  const { context, index, storage } = world.device(0);
  await context.pull();
  const { crypto } = context.content;
  const sealed: number[] = [];
  let largest = Number.POSITIVE_INFINITY;
  const sealChunks: ContentCrypto['sealChunks'] = (plains) => {
    sealed.push(plains.length);
    return crypto.sealChunks(plains);
  };
  const store = chunkStore({
    index,
    crypto: { ...crypto, sealChunks, ...make(crypto) },
    storage: {
      putObjects: async (vault, objects, options) => {
        if (objects.some(({ bytes }) => bytes.length > largest)) throw new HoldfastError('limit', 'too large');
        return storage.putObjects(vault, objects, options);
      },
    },
    vault: world.vault,
    signal: context.signal,
    clock: systemClock,
    onSent: () => undefined,
    maxRequests: 2,
    maxBatchBytes: 1e6,
    maxBatchCount: 100,
  });
  /** The server takes nothing that is larger than what a piece of this many bytes is sealed as. */
  const refuse = (plainLength: number): void => {
    largest = crypto.sealedLength(plainLength);
  };
  return { store, sealed, index, crypto, refuse };
}

const text = (at: number): Uint8Array => new TextEncoder().encode(`content ${at}`);

test('small pieces that come together are sealed together; each is stored as itself, and once', async () => {
  const { store, sealed, index, crypto } = await storeWith(() => ({}));
  const contents = Array.from({ length: 50 }, (_, at) => at % 40);
  const outcomes = await store.storeAll(contents.map(text));
  const stored = outcomes.flatMap((each) => (each.ok ? [each.value] : []));
  expect(stored.length).toBe(50);
  expect(sealed).toEqual([50]);
  expect(new Set(stored.map(({ ref }) => ref.objectId)).size).toBe(40);
  for (const [i, { ref }] of stored.entries()) {
    const plain = text(contents[i] ?? 0);
    expect(await crypto.ifSealedFrom(ref, plain)).toEqual(text(contents[i] ?? 0));
    const row = index.read.chunkByHash(crypto.localHash(plain));
    expect(row?.objectId).toBe(ref.objectId);
    expect(row && crypto.openRef(row.objectId, row.sealedRef)).toEqual(ref);
  }
});

test('what cannot be sealed fails, is not remembered, and is sealed anew when it is asked for again', async () => {
  let failures = 1;
  const { store, index, crypto } = await storeWith((real) => ({
    sealChunks: async (plains) => {
      if (failures-- > 0) throw new HoldfastError('io', 'a thread ended');
      return real.sealChunks(plains);
    },
  }));
  const outcomes = await store.storeAll([text(1), text(2)]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([false, false]);
  expect(index.read.chunkByHash(crypto.localHash(text(1)))).toBeNull();
  const [again] = await store.storeAll([text(1)]);
  if (!again?.ok) throw new Error('was not stored');
  expect(again.value.sentBytes).toBeGreaterThan(0);
  expect(await crypto.ifSealedFrom(again.value.ref, text(1))).toEqual(text(1));
});

test('what others are storing, or have stored, is not stored twice, whichever way it comes', async () => {
  const { store, sealed } = await storeWith(() => ({}));
  const [alone, together, more] = await Promise.all([
    store.store(text(1), 0),
    store.storeAll([text(1), text(2)]),
    store.store(text(2), 0),
  ]);
  const [one, two] = together.flatMap((each) => (each.ok ? [each.value] : []));
  expect([one?.ref, two?.ref]).toEqual([alone.ref, more.ref]);
  expect([one?.sentBytes, two?.sentBytes]).toEqual([0, 0]);
  expect(sealed).toEqual([2]);
  const later = await store.storeAll([text(2), text(1)]);
  expect(later.map((each) => each.ok && each.value.ref.objectId)).toEqual([two?.ref.objectId, one?.ref.objectId]);
  expect(later.map((each) => each.ok && each.value.sentBytes)).toEqual([0, 0]);
});

test('one that the server refuses fails, the others of its request do not', async () => {
  const { store, index, crypto, refuse } = await storeWith(() => ({}));
  refuse(text(3).length);
  const outcomes = await store.storeAll([text(1), new Uint8Array(5000), text(2)]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  expect(index.read.chunkByHash(crypto.localHash(new Uint8Array(5000)))).toBeNull();
  expect(index.read.chunkByHash(crypto.localHash(text(2)))).not.toBeNull();
});
