import { randomBytes } from 'node:crypto';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { HoldfastError } from '../../../src/common/errors.ts';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';

let world: SyncWorld;
afterEach(() => world.close());

/** What a server does that was put back from a backup, or that collects what nobody named for a week. */
const losing: Record<string, (lose: () => void) => (call: string) => void> = {
  'before the entry that names it': (lose) => (call) => {
    if (call === 'appendEntry') lose();
  },
  'while this device could not say what it is for': (lose) => (call) => {
    if (call !== 'appendEntry') return;
    lose();
    throw new HoldfastError('offline', 'The server cannot be reached.');
  },
};

test.each(Object.entries(losing))('what the server took and lost %s is sent once more', async (_, before) => {
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
  const a = await world.device('A');
  const contents = { small: randomBytes(20_000), large: randomBytes(3_000_000) };
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(a.folder, name), content);
  let lost = 0;
  world.storage.before = before(() => {
    const { objects } = world.storage.vault(world.vault);
    world.storage.before = () => undefined;
    lost = objects.size;
    objects.clear();
  });
  await a.pair.sync();
  expect(lost).toBeGreaterThan(0);
  expect(await a.pair.sync()).toMatchObject({ isConverged: true });
  expect(await a.pair.issues()).toEqual([]);
  const b = await world.device('B');
  expect(await b.pair.sync()).toMatchObject({ isConverged: true });
  for (const [name, content] of Object.entries(contents)) {
    expect(Buffer.compare(readFileSync(join(b.folder, name)), content), name).toBe(0);
  }
});

const damaged: Record<string, (objects: Map<unknown, Uint8Array>) => void> = {
  lost: (objects) => objects.clear(),
  changed: (objects) => {
    for (const bytes of objects.values()) bytes.fill(7, 30, 60);
  },
};

test.each(Object.entries(damaged))(
  'what a check finds %s on the server is stored anew with a copy',
  async (_, damage) => {
    world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5_000 } });
    const a = await world.device('A');
    const content = randomBytes(3_000_000);
    writeFileSync(join(a.folder, 'file'), content);
    await a.pair.sync();
    damage(world.storage.vault(world.vault).objects);
    expect((await a.pair.verify({ isDeep: true })).problems).toMatchObject([{ path: 'file' }]);
    copyFileSync(join(a.folder, 'file'), join(a.folder, 'copy'));
    expect(await a.pair.sync()).toMatchObject({ isConverged: true });
    const b = await world.device('B');
    await b.pair.sync();
    expect(Buffer.compare(readFileSync(join(b.folder, 'copy')), content)).toBe(0);
    expect((await b.pair.issues()).map(({ path }) => path)).toEqual(['file']);
  },
);
