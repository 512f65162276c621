import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

async function devices(): Promise<[WorldDevice, WorldDevice]> {
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
  return [await world.device('A'), await world.device('B')];
}

function write({ folder }: WorldDevice, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const inVault = async ({ pair }: WorldDevice): Promise<string[]> =>
  (await pair.list('', { isRecursive: true, withDeleted: true })).map(({ path }) => path).sort();

test('the rules of the vault hold for what is in a folder that joins it, from the first sync on', async () => {
  const [first, second] = await devices();
  write(first, { '.holdfastignore': 'secret\n', 'd/.holdfastignore': '*.o\n', 'd/plain': 'plain' });
  await first.pair.sync();
  write(second, { secret: 'of this computer alone', 'd/x.o': 'this as well', 'd/new': 'new' });
  expect(await second.pair.sync()).toMatchObject({ isConverged: true });
  expect(await inVault(second)).toEqual(['.holdfastignore', 'd', 'd/.holdfastignore', 'd/new', 'd/plain']);
  expect(readTree(second.folder)).toMatchObject({ secret: 'of this computer alone', 'd/x.o': 'this as well' });
});

test('what they leave out keeps its name, and is not sent, where the vault has another file of that name', async () => {
  const [first, second] = await devices();
  write(first, { secret: 'once synced', 'd/x.o': 'likewise' });
  await first.pair.sync();
  write(first, { '.holdfastignore': 'secret*\n', 'd/.holdfastignore': 'x.o*\n' });
  await first.pair.sync();
  write(second, { secret: 'of this computer alone', 'd/x.o': 'this as well' });
  expect(await second.pair.sync()).toMatchObject({ isConverged: true, conflicts: 0, filesUp: 0 });
  expect(readTree(second.folder)).toMatchObject({ secret: 'of this computer alone', 'd/x.o': 'this as well' });
  expect(await inVault(second)).toEqual(['.holdfastignore', 'd', 'd/.holdfastignore', 'd/x.o', 'secret']);
});

test('stricter rules hold for what is new here as well, though their own ones are a conflict', async () => {
  const [first, second] = await devices();
  write(first, { '.holdfastignore': 'a\n' });
  await first.pair.sync();
  await second.pair.sync();
  write(first, { '.holdfastignore': 'a\nsecret\n' });
  await first.pair.sync();
  write(second, { '.holdfastignore': 'a\nother rules\n', secret: 'of this computer alone' });
  await second.pair.sync();
  expect(await second.pair.sync()).toMatchObject({ isConverged: true });
  expect(await inVault(second)).not.toContain('secret');
});

test.each([
  ['are gone', null],
  ['leave out less', 'other\n'],
])('what the rules left out here is synced at once when they %s elsewhere', async (_, rules) => {
  const [first, second] = await devices();
  write(first, { '.holdfastignore': 'x\n', 'd/e': '' });
  await first.pair.sync();
  await second.pair.sync();
  write(second, { 'd/x': 'of B' });
  await second.pair.sync();
  expect(await inVault(second)).not.toContain('d/x');
  if (rules === null) rmSync(join(first.folder, '.holdfastignore'));
  else write(first, { '.holdfastignore': rules });
  await first.pair.sync();
  expect(await second.pair.sync()).toMatchObject({ isConverged: true });
  expect(await inVault(second)).toContain('d/x');
});

test.each([
  ['is moved', [['d', 'f']], { 'e/y': 'y', 'f/x': 'x' }],
  [
    'and another one change names',
    [
      ['d', 'f'],
      ['e', 'd'],
      ['f', 'e'],
    ],
    { 'd/y': 'y', 'e/x': 'x' },
  ],
] as const)('what the rules of a folder leave out stays when the folder %s elsewhere', async (_, moves, stays) => {
  const [first, second] = await devices();
  const third = await world.device('C');
  write(first, { 'd/x': 'x', 'd/1': '', 'e/y': 'y', 'e/2': '' });
  for (const { pair } of [first, second, third]) await pair.sync();
  write(first, { 'd/.holdfastignore': 'x\n', 'e/.holdfastignore': 'y\n' });
  await first.pair.sync();
  await second.pair.sync();
  // It has not heard of the rules.
  for (const path of ['d/x', 'e/y']) rmSync(join(third.folder, path));
  await third.pair.sync();
  await second.pair.sync();
  expect(readTree(second.folder)).toMatchObject({ 'd/x': 'x', 'e/y': 'y' });
  await first.pair.sync();
  for (const [from, to] of moves) renameSync(join(first.folder, from), join(first.folder, to));
  await first.pair.sync();
  expect(await second.pair.sync()).toMatchObject({ isConverged: true });
  expect(readTree(second.folder)).toMatchObject(stays);
});
