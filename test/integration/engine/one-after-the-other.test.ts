import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

const mebibyte = 1024 * 1024;

/** Three pieces each, the last of which is shorter. */
const size = 2.5 * mebibyte;
const count = 12;

it('of many files of one size one is done after the other, in both directions', async () => {
  const world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5000 } });
  onTestFinished(() => world.close());
  const [a, b] = [await world.device('A'), await world.device('B')];
  await a.pair.sync();
  await b.pair.sync();
  const passed: number[] = [];
  let last: Promise<void> = Promise.resolve();
  const { api } = world.storage;
  const { getObjects, putObjects } = api;
  const turn = (): Promise<void> => {
    last = last.then(() => systemClock.sleep(2));
    return last;
  };
  const sizes = new Map<string, number>();
  Object.assign(api, {
    putObjects: async (...[vault, objects, options]: Parameters<typeof putObjects>) => {
      await turn();
      for (const { id, bytes } of objects) {
        sizes.set(id, bytes.length);
        passed.push(bytes.length);
      }
      return putObjects(vault, objects, options);
    },
    getObjects: async function* (...[vault, ids, options]: Parameters<typeof getObjects>) {
      await turn();
      for (const id of ids) passed.push(sizes.get(id) ?? 0);
      yield* getObjects(vault, ids, options);
    },
  });
  for (let each = 0; each < count; each++) writeFileSync(join(a.folder, `${each}`), randomBytes(size));
  for (const { pair } of [a, b]) {
    passed.length = 0;
    await pair.sync();
    const isEnd = (bytes: number): boolean => bytes > mebibyte / 4 && bytes < mebibyte;
    // After what is in memory at once of several of them, and not after all of the pieces before the last ones.
    expect(passed.findIndex(isEnd)).toBeLessThan(2 * count - 2);
    expect(passed.filter(isEnd)).toHaveLength(count);
  }
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
});
