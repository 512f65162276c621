import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import type { ObjectId } from '../../../src/common/ids.ts';
import { sha256 } from '../../../src/crypto/sha256.ts';
import { chunkStore } from '../../../src/engine/transfer/chunk-store.ts';
import type { ContentCrypto } from '../../../src/engine/transfer/content-crypto.ts';
import { transferMeter } from '../../../src/engine/transfer/transfer-meter.ts';
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
  const sent = transferMeter(systemClock, () => undefined);
  const arrived = new Map<ObjectId, Uint8Array>();
  const store = chunkStore({
    index,
    crypto: { ...crypto, sealChunks, ...make(crypto) },
    storage: {
      putObjects: async (vault, objects, options) => {
        options?.onMoved?.(objects.reduce((sum, { bytes }) => sum + bytes.length, 0));
        if (objects.some(({ bytes }) => bytes.length > largest)) throw new HoldfastError('limit', 'too large');
        for (const { id, bytes } of objects) arrived.set(id, sha256(bytes));
        return storage.putObjects(vault, objects, options);
      },
    },
    vault: world.vault,
    signal: () => context.signal,
    clock: systemClock,
    onSending: sent.setOut,
    maxRequests: 2,
    mostRequests: 2,
    roundTrip: () => 0,
    maxBatchBytes: 1e6,
    maxBatchCount: 100,
  });
  /** The server takes nothing that is larger than what a piece of this many bytes is sealed as. */
  const refuse = (plainLength: number): void => {
    largest = crypto.sealedLength(plainLength);
  };
  return { store, sent, sealed, arrived, index, crypto, refuse };
}

const text = (at: number): Uint8Array => new TextEncoder().encode(`content ${at}`);

test('small pieces that come together are sealed together; each is stored as itself, and once', async () => {
  const { store, sealed, index, crypto } = await storeWith(() => ({}));
  const contents = Array.from({ length: 50 }, (_, at) => Math.floor(at * 0.8));
  const outcomes = await store.storeAll(contents.map(text));
  const stored = outcomes.flatMap((each) => (each.ok ? [each.value] : []));
  expect(stored.length).toBe(50);
  expect(sealed).toEqual([50]);
  expect(new Set(stored.map(({ ref }) => ref.objectId)).size).toBe(40);
  expect(index.read.chunkByHash(crypto.localHash(text(1)))).toBeNull();
  store.unwritten.writeRest();
  for (const [i, { ref }] of stored.entries()) {
    const plain = text(contents[i] ?? 0);
    expect(await crypto.ifSealedFrom(ref, plain)).toEqual(text(contents[i] ?? 0));
    const row = index.read.chunkByHash(crypto.localHash(plain));
    expect(row?.objectId).toBe(ref.objectId);
    expect(row && crypto.openRef(row.objectId, row.sealedRef)).toEqual(ref);
  }
});

test('what is so large that its memory is given back has it until it was sent', async () => {
  const { store, arrived } = await storeWith(() => ({}));
  const large = (content: number): Uint8Array => new Uint8Array(100_000).fill(content);
  const [alone, together] = await Promise.all([
    store.store(large(1), 0),
    store.storeAll([large(2), large(1), large(3)]),
  ]);
  const stored = [alone, ...together.flatMap((each) => (each.ok ? [each.value] : []))];
  expect(stored.map(({ sentBytes }) => sentBytes > 0)).toEqual([true, true, false, true]);
  expect(stored.map(({ ref }) => arrived.get(ref.objectId))).toEqual(stored.map(({ ref }) => ref.hash));
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

test('one that the server refuses fails, the others of its request do not, and are counted as sent once', async () => {
  const { store, sent, index, crypto, refuse } = await storeWith(() => ({}));
  refuse(text(3).length);
  const outcomes = await store.storeAll([text(1), new Uint8Array(5000), text(2)]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
  await expect(store.store(new Uint8Array(5000), 0)).rejects.toThrow();
  store.unwritten.writeRest();
  expect(index.read.chunkByHash(crypto.localHash(new Uint8Array(5000)))).toBeNull();
  expect(index.read.chunkByHash(crypto.localHash(text(2)))).not.toBeNull();
  const { length } = text(1);
  expect([sent.progress().bytesDone, sent.totals.bytes]).toEqual([2 * length, 2 * crypto.sealedLength(length)]);
});

test('a damaged row of the index fails what needs it, and nothing else', async () => {
  const { store, index, crypto } = await storeWith(() => ({}));
  await store.store(text(2), 0);
  const row = must(index.read.chunkByHash(crypto.localHash(text(2))));
  index.transaction((write) => write.putChunk({ ...row, sealedRef: row.sealedRef.map((byte) => byte ^ 1) }));
  const outcomes = await store.storeAll([text(1), text(2)]);
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false]);
  const [again] = await store.storeAll([text(1)]);
  expect(again?.ok).toBe(true);
  await expect(store.store(text(2), 0)).rejects.toMatchObject({ kind: 'corrupt' });
});

describe('what is stored and not written', () => {
  const stored = async () => {
    const { store, index, crypto } = await storeWith(() => ({}));
    const outcomes = await store.storeAll([text(1), text(2)]);
    const [one, two] = outcomes.flatMap((each) => (each.ok ? [each.value.ref.objectId] : []));
    const rowOf = (at: number) => index.read.chunkByHash(crypto.localHash(text(at)));
    return { store, index, crypto, one: must(one), two: must(two), rowOf };
  };

  test('gets into the index with the entry that names it, once, and is retained by then', async () => {
    const { store, index, one, two, rowOf } = await stored();
    expect([store.unwritten.has(one), rowOf(1)]).toEqual([true, null]);
    index.transaction((write) => store.unwritten.writeReferenced(write, new Set([one])));
    store.unwritten.written([one]);
    expect([store.unwritten.has(one), store.unwritten.has(two)]).toEqual([false, true]);
    expect(rowOf(1)).toMatchObject({ objectId: one, isReferenced: true });
    store.unwritten.writeRest();
    expect(rowOf(2)).toMatchObject({ objectId: two, isReferenced: false });
    expect(store.unwritten.has(two)).toBe(false);
    index.transaction((write) => store.unwritten.writeReferenced(write, new Set([two])));
    expect(rowOf(2)).toMatchObject({ objectId: two, isReferenced: true });
    expect(index.integrityCheck()).toEqual([]);
  });

  test('is no second row for what came from the vault meanwhile', async () => {
    const { store, index, crypto, one, two, rowOf } = await stored();
    const otherObject = (at: number) => String(at).repeat(32) as ObjectId;
    const other = (at: number) => ({
      ...must(store.unwritten.byHash(crypto.localHash(text(at)))),
      objectId: otherObject(at),
      isReferenced: true,
    });
    index.transaction((write) => {
      write.putChunk(other(1));
      write.putChunk(other(2));
    });
    index.transaction((write) => store.unwritten.writeReferenced(write, new Set([one])));
    store.unwritten.written([one]);
    store.unwritten.writeRest();
    expect(rowOf(1)).toMatchObject({ objectId: otherObject(1), isReferenced: true });
    expect(rowOf(2)).toMatchObject({ objectId: otherObject(2), isReferenced: true });
    expect(store.unwritten.has(two)).toBe(false);
    expect(index.integrityCheck()).toEqual([]);
  });

  test('stays so when that entry does not get there', async () => {
    const { store, index, one, rowOf } = await stored();
    const fail = () =>
      index.transaction((write) => {
        store.unwritten.writeReferenced(write, new Set([one]));
        throw new HoldfastError('io', 'full');
      });
    expect(fail).toThrow('full');
    expect([store.unwritten.has(one), rowOf(1)]).toEqual([true, null]);
    store.unwritten.writeRest();
    expect(rowOf(1)).toMatchObject({ objectId: one, isReferenced: false });
  });

  test('is sent again once it was forgotten, since the server lacks it', async () => {
    const { store, rowOf } = await stored();
    store.unwritten.forget();
    store.unwritten.writeRest();
    expect(rowOf(1)).toBeNull();
    const [again] = await store.storeAll([text(1)]);
    expect(again?.ok && again.value.sentBytes).toBeGreaterThan(0);
  });
});
