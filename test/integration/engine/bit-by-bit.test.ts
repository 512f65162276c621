import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

const minute = 60_000;
let world: SyncWorld;
let ahead = 0;
/** Of the wall clock alone. */
let wrong = 0;
afterEach(() => world.close());

const pass = (ms: number): void => {
  ahead += ms;
};
const names = (from: number, to: number): string[] =>
  Array.from({ length: to - from }, (_, at) => `file ${String(from + at).padStart(3, '0')}`);
const make = ({ folder }: WorldDevice, some: readonly string[]): void => {
  for (const name of some) writeFileSync(join(folder, name), name);
};
const remove = ({ folder }: WorldDevice, some: readonly string[]): void => {
  for (const name of some) rmSync(join(folder, name));
};
const held = async ({ pair }: WorldDevice): Promise<number> => (await pair.held({ offset: 0, limit: 1 })).total;

/** Two devices that have had these files for a while. */
async function withFiles(count: number): Promise<readonly [WorldDevice, WorldDevice]> {
  ahead = 0;
  wrong = 0;
  world = await syncWorld({
    clock: {
      ...systemClock,
      now: () => systemClock.now() + ahead + wrong,
      monotonic: () => systemClock.monotonic() + ahead,
    },
  });
  const [a, b] = [await world.device('A'), await world.device('B')];
  make(a, names(0, count));
  await a.pair.sync();
  await b.pair.sync();
  pass(10 * minute);
  return [a, b];
}

describe('deletes that go bit by bit', () => {
  test('wait for the person as soon as they are much together, and say so', async () => {
    const [a, b] = await withFiles(100);
    for (const from of [0, 20, 40]) {
      remove(a, names(from, from + 20));
      await a.pair.sync();
      pass(10_000);
    }
    expect(await held(a)).toBe(20);
    expect((await a.pair.issues()).map(({ id }) => id)).toEqual(['held:up']);
    expect((await a.pair.why('file 050')).rule).toMatch(/together with much else/);
    // Others have what waits, and what comes from them counts for itself.
    await b.pair.sync();
    expect(Object.keys(readTree(b.folder))).toEqual(names(40, 100));

    // Whoever allows it was asked: what goes after that is little again.
    await a.pair.resolve('held:up', 'allow');
    await a.pair.sync();
    remove(a, names(60, 80));
    await a.pair.sync();
    expect(await held(a)).toBe(0);
    expect(Object.keys(readTree(a.folder))).toEqual(names(80, 100));
  });

  test('also by a clock that was set back a year', async () => {
    const [a] = await withFiles(100);
    wrong = -365 * 24 * 60 * minute;
    for (const from of [0, 20, 40]) {
      remove(a, names(from, from + 20));
      await a.pair.sync();
      pass(10_000);
    }
    expect(await held(a)).toBe(20);
  });

  test('also those that others make', async () => {
    const [a, b] = await withFiles(100);
    const deleted = async (from: number): Promise<void> => {
      remove(a, names(from, from + 20));
      await a.pair.sync();
      await b.pair.sync();
    };
    await deleted(0);
    await deleted(20);
    remove(a, names(40, 60));
    await a.pair.sync();
    await a.pair.resolve('held:up', 'allow');
    await a.pair.sync();
    await b.pair.sync();
    expect(await held(b)).toBe(20);
    expect(Object.keys(readTree(b.folder))).toEqual(names(40, 100));
  });

  test('are little where time passes in between, and where it is what a program makes and deletes', async () => {
    const [a] = await withFiles(100);
    for (const from of [0, 40]) {
      remove(a, names(from, from + 40));
      await a.pair.sync();
      expect(await held(a)).toBe(0);
      pass(3 * minute);
    }
    for (let round = 0; round < 4; round++) {
      make(a, names(200, 240));
      await a.pair.sync();
      remove(a, names(200, 240));
      await a.pair.sync();
      expect(await held(a)).toBe(0);
    }
  });
});
