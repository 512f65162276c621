import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { ObjectId, VaultId } from '../../../src/common/ids.ts';
import { openDiskObjects } from '../../../src/server/disk/disk-object-store.ts';
import { tempFolder } from '../../helpers/temp.ts';

it('what is not stored as a whole leaves nothing on the disk', async () => {
  const root = await tempFolder('objects');
  const store = await openDiskObjects(root, 1);
  const object = (id: string) => ({
    key: { vault: 'aa'.repeat(16) as VaultId, id: id.repeat(16) as ObjectId },
    bytes: new Uint8Array(100_000).fill(1),
  });
  await rm(join(root, 'single/02'), { recursive: true });
  await writeFile(join(root, 'single/02'), 'in the way');
  const put = store.put([object('01'), object('02')], async () => 'recorded');
  await expect(put).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
  expect(await readdir(join(root, 'single/01'))).toEqual([]);
  await store.close();
});
