import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { diskError } from '../../../src/common/disk-error.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

/** What meets the second device when it removes a thing of that name; null: nothing. */
let failure: { readonly name: string; readonly error: () => Error } | null = null;
let ahead = 5_000;
let world: SyncWorld;
afterEach(async () => {
  failure = null;
  await world.close();
});

/** The second device has something in a folder that the rules in it leave out; the first one deletes the folder. */
async function deletedElsewhere(): Promise<WorldDevice> {
  const fail = (path: string): void => {
    if (path === failure?.name) throw failure.error();
  };
  const through = (fs: FileSystem, device: string): FileSystem =>
    device !== 'B'
      ? fs
      : {
          ...fs,
          removeFolder: async (path) => {
            fail(path);
            await fs.removeFolder(path);
          },
          trashFile: async (path, expected, batch) => {
            fail(path);
            return fs.trashFile(path, expected, batch);
          },
        };
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + ahead }, through });
  const first = await world.device('A');
  const second = await world.device('B');
  mkdirSync(join(first.folder, 'd'));
  writeFileSync(join(first.folder, 'd/.holdfastignore'), 'secret\n');
  writeFileSync(join(first.folder, 'd/plain'), 'plain');
  await first.pair.sync();
  await second.pair.sync();
  writeFileSync(join(second.folder, 'd/secret'), 'of this computer alone');
  rmSync(join(first.folder, 'd'), { recursive: true });
  await first.pair.sync();
  return second;
}

const stays = { 'd/': '', 'd/.holdfastignore': 'secret\n', 'd/secret': 'of this computer alone' };
const busy = () => diskError('busy');
const died = () => new Error('died');

test.each([
  ['cannot be removed at the moment', 'd', busy],
  ['is about to go when the process dies', 'd', died],
  ['has a file that is in use', 'd/plain', busy],
  ['had its rules looked at when the process dies', 'd/.holdfastignore', died],
])('what rules leave out is not sent though the folder with them, deleted elsewhere, %s', async (_, name, error) => {
  const second = await deletedElsewhere();
  failure = { name, error };
  await second.pair.sync().catch(() => undefined);
  failure = { name, error: busy };
  const again = await second.restart();
  for (let look = 0; look < 3; look++) {
    await again.pair.sync();
    expect(await again.pair.list('', { isRecursive: true, withDeleted: false })).toEqual([]);
    expect(readTree(again.folder)).toMatchObject(stays);
    ahead += 60_000;
  }
  failure = null;
  ahead += 3_600_000;
  expect(await again.pair.sync({ isRetrying: true })).toMatchObject({ isConverged: true });
  expect(await again.pair.list('', { isRecursive: true, withDeleted: false })).toEqual([]);
  expect(readTree(again.folder)).toEqual(stays);
});

test('rules stay with a folder that was deleted elsewhere and is kept for something new in it', async () => {
  const second = await deletedElsewhere();
  writeFileSync(join(second.folder, 'd/new'), 'nobody else has it');
  expect(await second.pair.sync()).toMatchObject({ isConverged: true });
  const paths = (await second.pair.list('', { isRecursive: true, withDeleted: false })).map(({ path }) => path);
  expect(paths.sort()).toEqual(['d', 'd/.holdfastignore', 'd/new']);
  expect(readTree(second.folder)).toEqual({ ...stays, 'd/new': 'nobody else has it' });
});

test('a folder that is deleted elsewhere goes with its rules where they leave out nothing that is there', async () => {
  const second = await deletedElsewhere();
  rmSync(join(second.folder, 'd/secret'));
  expect(await second.pair.sync()).toMatchObject({ isConverged: true, deletesDown: 3 });
  expect(readTree(second.folder)).toEqual({});
});
