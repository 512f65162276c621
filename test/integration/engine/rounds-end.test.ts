import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

test('a sync that ends early leaves nothing behind that is still being sent', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  writeFileSync(join(a.folder, 'quick'), 'quick');
  writeFileSync(join(a.folder, 'slow'), randomBytes(3_000_000));
  const gate = Promise.withResolvers<void>();
  let underWay = 0;
  const { api } = world.storage;
  const putObjects = api.putObjects.bind(api);
  vi.spyOn(api, 'putObjects').mockImplementation(async (vault, objects, options) => {
    // The first piece of the slow one may share a request with the quick one; three do not fit into it.
    const isSlow = objects.every(({ bytes }) => bytes.length > 500_000);
    underWay++;
    if (isSlow) await gate.promise;
    await putObjects(vault, objects, options);
    underWay--;
  });
  const append = vi
    .spyOn(api, 'appendEntry')
    .mockRejectedValue(new HoldfastError('offline', 'The server cannot be reached.'));
  let atEnd: number | null = null;
  const end = a.pair.sync().then((result) => {
    atEnd = underWay;
    return result;
  });
  await eventually(() => append.mock.calls.length > 0);
  // A round that does not wait ends within a few turns.
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  gate.resolve();
  expect(await end).toMatchObject({ isConverged: false });
  expect(atEnd).toBe(0);
  vi.restoreAllMocks();
  expect(await a.pair.sync()).toMatchObject({ isConverged: true });
});

test.each([
  ['of contents', ''],
  ['of their folder', 'folder'],
])(
  'contents are sent on while an entry %s is on its way: over a far line that takes as long as hundreds of them',
  async (_, folder) => {
    // To this clock no file is so fresh that it would be left for a later round.
    world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
    const a = await world.device('A');
    const count = 2000;
    mkdirSync(join(a.folder, folder), { recursive: true });
    for (let file = 0; file < count; file++) writeFileSync(join(a.folder, folder, `${file}`), `${file} `.padEnd(40));
    const { api } = world.storage;
    const appendEntry = api.appendEntry.bind(api);
    const gate = Promise.withResolvers<void>();
    const append = vi.spyOn(api, 'appendEntry').mockImplementation(async (...entry) => {
      await gate.promise;
      return appendEntry(...entry);
    });
    let put = 0;
    const putObjects = api.putObjects.bind(api);
    vi.spyOn(api, 'putObjects').mockImplementation(async (vault, objects, options) => {
      await putObjects(vault, objects, options);
      put += objects.length;
    });
    const end = a.pair.sync();
    await eventually(() => put === count);
    expect(append.mock.calls.length).toBe(1);
    gate.resolve();
    expect(await end).toMatchObject({ isConverged: true, filesUp: count });
  },
);
