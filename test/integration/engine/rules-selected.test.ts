import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

test.each([
  [false, 'at once'],
  [true, 'by another process'],
])(
  'what rules leave out is not sent when their folder is taken off this device and brought back (%s)',
  async (isAnother) => {
    world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
    const first = await world.device('A');
    const second = await world.device('B');
    mkdirSync(join(first.folder, 'd/e'), { recursive: true });
    writeFileSync(join(first.folder, 'd/.holdfastignore'), 'secret\n');
    writeFileSync(join(first.folder, 'd/e/plain'), 'plain');
    await first.pair.sync();
    await second.pair.sync();
    const before = readTree(first.folder);
    writeFileSync(join(second.folder, 'd/e/secret'), 'of this computer alone');
    await second.pair.sync();
    await second.pair.setSelected('d', false);
    expect(Object.keys(readTree(second.folder))).not.toContain('d/e/plain');
    const { pair } = isAnother ? await second.restart() : second;
    await pair.setSelected('d', true);
    await pair.sync();
    expect(await pair.sync()).toMatchObject({ isConverged: true });
    const paths = (await pair.list('', { isRecursive: true, withDeleted: true })).map(({ path }) => path);
    expect(paths).toEqual(['d', 'd/.holdfastignore', 'd/e', 'd/e/plain']);
    expect(readTree(second.folder)).toEqual({ ...before, 'd/e/secret': 'of this computer alone' });
  },
);

test('a folder is taken off this device with its rules where they leave out nothing that is there', async () => {
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
  const { folder, pair } = await world.device('A');
  mkdirSync(join(folder, 'd'));
  for (const name of ['.holdfastignore', 'plain']) writeFileSync(join(folder, 'd', name), 'secret\n');
  await pair.sync();
  await pair.setSelected('d', false);
  expect(readTree(folder)).toEqual({});
});
