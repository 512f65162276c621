import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

test('what a program writes to a file just as that is taken off this device stays, and goes up when it is selected again', async () => {
  let write = (): unknown => undefined;
  world = await syncWorld({
    clock: { ...systemClock, now: () => systemClock.now() + 5_000 },
    through: (fs) => ({
      ...fs,
      trashFile: async (path, expected, batch) => {
        const item = await fs.trashFile(path, expected, batch);
        if (path === 'd/open') write();
        return item;
      },
    }),
  });
  const { folder, pair } = await world.device('A');
  mkdirSync(join(folder, 'd'));
  for (const name of ['open', 'plain']) writeFileSync(join(folder, 'd', name), 'old');
  await pair.sync();
  const handle = openSync(join(folder, 'd/open'), 'a');
  write = () => writeSync(handle, ', and what was written late');
  await pair.setSelected('d', false);
  closeSync(handle);
  write = () => undefined;
  expect(readTree(folder)).toEqual({ 'd/': '', 'd/open': 'old, and what was written late' });
  expect(await pair.issues()).toMatchObject([{ kind: 'skipped', path: 'd' }]);

  await pair.setSelected('d', true);
  expect(await pair.sync()).toMatchObject({ isConverged: true });
  expect(readTree(folder)).toEqual({ 'd/': '', 'd/open': 'old, and what was written late', 'd/plain': 'old' });
  expect(await pair.versions('d/open')).toHaveLength(2);
  expect(await pair.issues()).toEqual([]);
});
