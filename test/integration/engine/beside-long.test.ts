import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

const mebibyte = 1024 * 1024;
const size = 20 * mebibyte;

let world: SyncWorld;
let a: WorldDevice;
let b: WorldDevice;
let ahead: number;
/** Lets through what waits, and all that follows. */
let open: () => void;

beforeEach(async () => {
  ahead = 0;
  world = await syncWorld({ clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ahead } });
  a = await world.device('A');
  b = await world.device('B');
  await a.pair.sync();
  await b.pair.sync();
});
afterEach(async () => {
  open();
  await world.close();
});

/** A line on which large objects are stuck; resolves when one is, and a round has lasted long enough by then. */
function stuckLine(): Promise<void> {
  const { api } = world.storage;
  const gate = Promise.withResolvers<void>();
  const stuck = Promise.withResolvers<void>();
  open = gate.resolve;
  const hold = async (): Promise<void> => {
    ahead += 1000;
    stuck.resolve();
    await gate.promise;
  };
  const large = new Set<string>();
  const { putObjects, getObjects } = api;
  Object.assign(api, {
    putObjects: async (...[vault, objects, options]: Parameters<typeof putObjects>) => {
      const held = objects.filter(({ bytes }) => bytes.length >= mebibyte);
      for (const { id } of held) large.add(id);
      if (held.length > 0) await hold();
      return putObjects(vault, objects, options);
    },
    getObjects: async function* (...[vault, ids, options]: Parameters<typeof getObjects>) {
      if (ids.some((id) => large.has(id))) await hold();
      yield* getObjects(vault, ids, options);
    },
  });
  return stuck.promise;
}

const hear = (): void => {
  for (const { pair } of [a, b]) pair.hint(Number.MAX_SAFE_INTEGER);
};
const there = (device: WorldDevice, name: string): Promise<unknown> =>
  eventually(
    () => {
      hear();
      return existsSync(join(device.folder, name));
    },
    { what: `${name} at ${device.name}` },
  );
const goes = async (from: WorldDevice, to: WorldDevice, name: string): Promise<void> => {
  writeFileSync(join(from.folder, name), name);
  await there(to, name);
};
const isAlike = (): Promise<unknown> =>
  eventually(() => {
    hear();
    expect(readTree(b.folder)).toEqual(readTree(a.folder));
    return true;
  });

describe('while a large file goes up', () => {
  let stuck: Promise<void>;
  beforeEach(async () => {
    stuck = stuckLine();
    await a.pair.start();
    await b.pair.start();
    writeFileSync(join(a.folder, 'large'), randomBytes(size));
    await stuck;
  });

  it('what else is saved travels in both directions, and nothing of the large one is sent twice', async () => {
    await goes(a, b, 'one');
    await goes(b, a, 'two');
    await goes(a, b, 'three');
    expect(existsSync(join(b.folder, 'large'))).toBe(false);
    open();
    await there(b, 'large');
    await isAlike();
    expect(world.storage.bytesPut()).toBeLessThan(size * 1.05);
  });
});
