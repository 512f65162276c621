import { expect, it } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type AccountId, type DeviceId, newId, type VaultId } from '../../../src/common/ids.ts';
import type { MetadataStore, NewObject, StoredEvent } from '../../../src/server/metadata-store.ts';
import { createObjects } from '../../../src/server/objects.ts';
import { createMemoryMetadata } from '../../fakes/memory-metadata.ts';
import { createMemoryObjects } from '../../fakes/memory-objects.ts';
import { bytes, makeObject, random } from '../../helpers/test-account.ts';

const account = newId<AccountId>(random);
const vault = newId<VaultId>(random);

const without = {
  clock: { now: () => 0, monotonic: () => 0, sleep: async () => undefined },
  grace: { released: 1, unreferenced: 1 },
  quota: null,
  onDamage: () => undefined,
};

async function withVault(): Promise<MetadataStore> {
  const metadata = createMemoryMetadata();
  const makeEvent = (seq: number): StoredEvent => ({
    seq,
    hash: bytes(32),
    event: bytes(9),
    signature: bytes(64),
    deviceSignature: null,
  });
  const first = makeEvent(1);
  const record = { body: bytes(9), signature: bytes(64) };
  await metadata.accounts.create({ account, email: 'a@x', record, events: [first], now: 0 });
  const entry = { header: bytes(9), signature: bytes(64), ciphertext: bytes(9), retained: [], released: [] };
  const row = { seq: 1, hash: bytes(32), device: newId<DeviceId>(random), deviceSeq: 1, epoch: 1, accountPosition: 1 };
  const change = { account, expected: { seq: 1, hash: first.hash }, event: makeEvent(2) };
  await metadata.vaults.create(change, vault, { ...row, entry, grants: bytes(9) }, 0);
  return metadata;
}

it('what is recorded keeps its bytes, whatever fails after', async () => {
  const metadata = await withVault();
  let isHurt = false;
  const find: typeof metadata.objects.find = async (...asked) => {
    if (isHurt) throw new Error('the disk does not read');
    return metadata.objects.find(...asked);
  };
  const objects = createObjects({
    metadata: { ...metadata, objects: { ...metadata.objects, find } },
    store: createMemoryObjects(),
    ...without,
  });
  for (const isAnswered of [true, false]) {
    const object = makeObject(100_000);
    const put = objects.putWith(account, vault, [object], async (recorded) => {
      await metadata.objects.add(vault, recorded, { quota: null, unreferencedUntil: 1 });
      isHurt = true;
      if (!isAnswered) throw new Error('the disk does not read');
    });
    await put.catch(() => undefined);
    isHurt = false;
    const found = await objects.find(account, vault, [object.id]);
    expect((await objects.read(vault, found)).get(object.id)).toEqual(Buffer.from(object.bytes));
  }
});

it.each([
  ['stay after a commit that failed, for the database may hold it once it is opened again', 'io', true],
  ['go if they were refused', 'refused', false],
] as const)('the bytes %s', async (_, kind, stay) => {
  const metadata = await withVault();
  const objects = createObjects({ metadata, store: createMemoryObjects(), ...without });
  const object = makeObject(100_000);
  const places: NewObject[] = [];
  const put = objects.putWith(account, vault, [object], async (recorded) => {
    places.push(...recorded);
    throw new HoldfastError(kind, 'no');
  });
  await expect(put).rejects.toMatchObject({ kind });
  await metadata.objects.add(vault, places, { quota: null, unreferencedUntil: 1 });
  const found = await objects.find(account, vault, [object.id]);
  expect((await objects.read(vault, found)).has(object.id)).toBe(stay);
});
