import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { ObjectId, VaultId } from '../../../src/common/ids.ts';
import { openDiskObjects } from '../../../src/server/disk/disk-object-store.ts';
import type { Place } from '../../../src/server/metadata-store.ts';
import { tempFolder } from '../../helpers/temp.ts';

const object = (id: string, length: number) => ({
  key: { vault: 'aa'.repeat(16) as VaultId, id: id.repeat(16) as ObjectId },
  bytes: new Uint8Array(length).fill(1),
});

it('what was stored and could not be recorded stays: its record may be there when the database is opened again', async () => {
  const store = await openDiskObjects(await tempFolder('objects'), 1);
  const objects = [object('01', 5000), object('02', 100_000)];
  let places: readonly Place[] = [];
  const put = store.put(objects, async (given) => {
    places = given;
    throw new Error('the disk is full');
  });
  await expect(put).rejects.toThrow('the disk is full');
  const read = await store.read(objects.map(({ key }, at) => ({ ...key, place: must(places[at]) })));
  expect(read.map((each) => each?.length)).toEqual([5000, 100_000]);
  await store.close();
});

it('what is not stored as a whole leaves nothing on the disk', async () => {
  const root = await tempFolder('objects');
  const store = await openDiskObjects(root, 1);
  await rm(join(root, 'single/02'), { recursive: true });
  await writeFile(join(root, 'single/02'), 'in the way');
  const put = store.put([object('01', 100_000), object('02', 100_000)], async () => 'recorded');
  await expect(put).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
  expect(await readdir(join(root, 'single/01'))).toEqual([]);
  await store.close();
});
