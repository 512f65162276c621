import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

test('what another device wrote just before the last entry of a run is carried out before that run ends', async () => {
  let ahead = 5_000;
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + ahead } });
  const a = await world.device('A');
  const b = await world.device('B');
  for (const { pair } of [a, b]) await pair.sync();
  ahead += 2 * 24 * 3_600_000;
  let writes = 0;
  // A sign of life, for nothing else is to be said.
  world.storage.before = async (call) => {
    if (call !== 'appendEntry' || ++writes > 1) return;
    writeFileSync(join(b.folder, 'late'), 'of B');
    await b.pair.sync();
  };
  expect(await a.pair.sync()).toMatchObject({ isConverged: true });
  expect(writes).toBeGreaterThan(2);
  expect(readTree(a.folder)).toEqual({ late: 'of B' });
});
