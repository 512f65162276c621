import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

const mebibyte = 1024 * 1024;
const inStage = (folder: string): readonly string[] => readdirSync(join(folder, '.holdfast', 'stage'));

test('a file that the disk has no room for leaves the room to all others, and comes when there is enough', async () => {
  let free = 20 * mebibyte;
  const statfsSync: typeof nodeDisk.statfsSync = (path) => ({ ...nodeDisk.statfsSync(path), bsize: 1, bavail: free });
  world = await syncWorld({ disk: { ...nodeDisk, statfsSync } });
  const a = await world.device('A');
  const b = await world.device('B');
  writeFileSync(join(a.folder, 'large'), randomBytes(30 * mebibyte));
  writeFileSync(join(a.folder, 'small'), 'small');
  await a.pair.sync();
  await b.pair.sync();
  expect(readdirSync(b.folder).sort()).toEqual(['.holdfast', 'small']);
  expect(inStage(b.folder)).toEqual([]);
  expect(await b.pair.issues()).toMatchObject([{ kind: 'disk-full', path: 'large' }]);

  free = 40 * mebibyte;
  await b.pair.sync({ isRetrying: true });
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
  expect(await b.pair.issues()).toEqual([]);
});

test('a download that was cut takes no room any more when the vault has that content no longer', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  const b = await world.device('B');
  writeFileSync(join(a.folder, 'large'), randomBytes(100 * mebibyte));
  writeFileSync(join(a.folder, 'small'), 'small');
  await a.pair.sync();
  const run = b.pair.sync();
  while (world.storage.bytesGot() < 10 * mebibyte) await new Promise((resolve) => setImmediate(resolve));
  b.pair.pause();
  await run;
  b.pair.resume();
  expect(inStage(b.folder)).toHaveLength(1);

  rmSync(join(a.folder, 'large'));
  await a.pair.sync();
  await b.pair.sync();
  // What is cut off takes room until the next look at the folder.
  await b.pair.sync();
  expect(inStage(b.folder)).toEqual([]);
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
});
