import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { type SyncWorld, syncWorld } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
afterEach(() => world.close());

const mebibyte = 1024 * 1024;

test('a pause ends a large transfer that is under way, in each direction, and nothing is sent twice', async () => {
  world = await syncWorld();
  const a = await world.device('A');
  const b = await world.device('B');
  const size = 100 * mebibyte;
  writeFileSync(join(a.folder, 'large'), randomBytes(size));

  /** Syncs, with a pause as soon as a tenth has moved; how much had moved when it stood. */
  const stopped = async (pair: typeof a.pair, moved: () => number): Promise<number> => {
    const before = moved();
    const run = pair.sync();
    while (moved() - before < size / 10) await new Promise((resolve) => setImmediate(resolve));
    pair.pause();
    await run;
    const first = moved() - before;
    pair.resume();
    await pair.sync();
    expect(moved() - before).toBeLessThan(size * 1.1);
    return first;
  };
  expect(await stopped(a.pair, () => world.storage.bytesPut())).toBeLessThan(size * 0.7);
  expect(await stopped(b.pair, () => world.storage.bytesGot())).toBeLessThan(size * 0.7);
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
});
