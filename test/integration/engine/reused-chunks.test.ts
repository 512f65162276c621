import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

const mebibyte = 1024 * 1024;

test('of a large file that changed a little, a device fetches what it does not have: of each edit about a chunk', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  const b = await world.device('B');
  const file = (device: { readonly folder: string }): string => join(device.folder, 'large');
  let content = randomBytes(12 * mebibyte);
  const carry = async (): Promise<number> => {
    writeFileSync(file(a), content);
    await a.pair.sync();
    const before = world.storage.bytesGot();
    await b.pair.sync();
    expect(readFileSync(file(b)).equals(content)).toBe(true);
    return world.storage.bytesGot() - before;
  };
  expect(await carry()).toBeGreaterThan(12 * mebibyte);

  content = Buffer.concat([Buffer.from('x'), content]);
  expect(await carry()).toBeLessThan(1.2 * mebibyte);

  content = Buffer.from(content);
  content.fill(7, 5 * mebibyte, 5 * mebibyte + 1000);
  expect(await carry()).toBeLessThan(2.2 * mebibyte);

  content = content.subarray(0, 9 * mebibyte);
  expect(await carry()).toBeLessThan(1.2 * mebibyte);
});

test('a local edit of the same file is kept, whatever of it is used for the other one', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  const b = await world.device('B');
  const content = randomBytes(3 * mebibyte);
  writeFileSync(join(a.folder, 'f'), content);
  await a.pair.sync();
  await b.pair.sync();
  const theirs = Buffer.concat([content, Buffer.from('from A')]);
  const ours = Buffer.from(content);
  ours.fill(1, mebibyte, mebibyte + 10);
  writeFileSync(join(a.folder, 'f'), theirs);
  writeFileSync(join(b.folder, 'f'), ours);
  await a.pair.sync();
  const before = world.storage.bytesGot();
  await b.pair.sync();
  // The last chunk is another one here and the second one was overwritten; the first is as it was.
  expect(world.storage.bytesGot() - before).toBeLessThan(2.2 * mebibyte);
  await a.pair.sync();
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
  const kept = Object.keys(readTree(a.folder)).map((name) => readFileSync(join(a.folder, name)));
  expect(kept).toHaveLength(2);
  expect(kept.some((bytes) => bytes.equals(theirs)) && kept.some((bytes) => bytes.equals(ours))).toBe(true);
});

test('files of one content, whatever their size, arrive each as itself', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  const b = await world.device('B');
  const contents = [1000, 200_000, 600_000, 1.5 * mebibyte].map((length) => randomBytes(length));
  for (const [at, content] of contents.entries()) {
    for (let copy = 0; copy < 5; copy++) writeFileSync(join(a.folder, `${at}-${copy}`), content);
  }
  await a.pair.sync();
  expect(await b.pair.sync()).toMatchObject({ isConverged: true, issues: 0, filesDown: 20 });
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
});
