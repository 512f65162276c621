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
  const sealChunks: ContentCrypto['sealChunks'] = (plains) => {
    sealed.push(plains.length);
    return crypto.sealChunks(plains);
  };
  const store = chunkStore({
    index,
    crypto: { ...crypto, sealChunks, ...make(crypto) },
    storage,
    vault: world.vault,
    signal: context.signal,
    clock: systemClock,
    onSent: () => undefined,
    maxRequests: 2,
    maxBatchBytes: 1e6,
    maxBatchCount: 100,
  });
  return { store, sealed, index, crypto };
}

const text = (at: number): Uint8Array => new TextEncoder().encode(`content ${at}`);

test('small pieces that come together are sealed together; each is stored as itself, and once', async () => {
  const { store, sealed, index, crypto } = await storeWith(() => ({}));
  const contents = Array.from({ length: 50 }, (_, at) => at % 40);
  const stored = await Promise.all(contents.map((at) => store.store(text(at), 0)));
  expect(sealed).toEqual([40]);
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
  const outcomes = await Promise.allSettled([store.store(text(1), 0), store.store(text(2), 0)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(index.read.chunkByHash(crypto.localHash(text(1)))).toBeNull();
  const { ref, sentBytes } = await store.store(text(1), 0);
  expect(sentBytes).toBeGreaterThan(0);
  expect(await crypto.ifSealedFrom(ref, text(1))).toEqual(text(1));
});
