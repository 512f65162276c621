import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { eventually, soon } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

const mebibyte = 1024 * 1024;

let world: SyncWorld;
let a: WorldDevice;
let b: WorldDevice;
/** Requests for contents that get nowhere now. */
let stuck: number;
let isStuck: boolean;

beforeEach(async () => {
  stuck = 0;
  isStuck = false;
  world = await syncWorld({ clock: { ...systemClock, now: () => systemClock.now() + 5000 } });
  a = await world.device('A');
  b = await world.device('B');
  await a.pair.sync();
  await b.pair.sync();
  const { api } = world.storage;
  const { getObjects, putObjects } = api;
  const line = async (signal: AbortSignal | undefined): Promise<void> => {
    if (!isStuck) return;
    stuck++;
    try {
      await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason), { once: true }));
    } finally {
      stuck--;
    }
  };
  Object.assign(api, {
    putObjects: async (...[vault, objects, options]: Parameters<typeof putObjects>) => {
      options?.signal?.throwIfAborted();
      await line(options?.signal);
      return putObjects(vault, objects, options);
    },
    getObjects: async function* (...[vault, ids, options]: Parameters<typeof getObjects>) {
      options?.signal?.throwIfAborted();
      await line(options?.signal);
      yield* getObjects(vault, ids, options);
    },
  });
});
afterEach(() => world.close());

/** A large file, one that is not, small ones. */
const fill = ({ folder }: WorldDevice): void => {
  writeFileSync(join(folder, 'film'), randomBytes(20 * mebibyte));
  writeFileSync(join(folder, 'picture'), randomBytes(3 * mebibyte));
  for (let each = 0; each < 20; each++) writeFileSync(join(folder, `note ${each}`), randomBytes(2000));
};
const isSame = async (): Promise<void> => {
  await eventually(
    () => {
      for (const { pair } of [a, b]) pair.hint(Number.MAX_SAFE_INTEGER);
      expect(readdirSync(b.folder).toSorted()).toEqual(readdirSync(a.folder).toSorted());
      return true;
    },
    { what: 'the same on both' },
  );
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
};
const isUnderWay = (): Promise<unknown> => eventually(() => stuck > 0, { what: 'requests under way' });
const isIdle = ({ pair }: WorldDevice): Promise<unknown> =>
  eventually(() => stuck === 0 && pair.status().state === 'paused', { what: 'nothing under way', within: 10_000 });

describe.each(['up', 'down'])('on a line that carries nothing %s', (way) => {
  const busy = (): WorldDevice => (way === 'up' ? a : b);

  beforeEach(async () => {
    fill(a);
    if (way === 'down') await a.pair.sync();
    isStuck = true;
    await busy().pair.start();
    await isUnderWay();
  });

  it('a pause ends what is under way, and all goes on after it', async () => {
    busy().pair.pause();
    await isIdle(busy());
    expect(await busy().pair.issues()).toEqual([]);
    isStuck = false;
    busy().pair.resume();
    if (way === 'up') await b.pair.start();
    await isSame();
  });

  it('a command does not wait for it', async () => {
    await soon(
      busy()
        .pair.setSelected('elsewhere', false)
        .catch(() => undefined),
      'the command',
      20_000,
    );
    isStuck = false;
    if (way === 'up') await b.pair.start();
    await isSame();
    expect(await busy().pair.issues()).toEqual([]);
  });
});

it('a copy that a person wants goes on when what syncing has on the line is interrupted', async () => {
  fill(a);
  await a.pair.sync();
  isStuck = true;
  await b.pair.start();
  await isUnderWay();
  isStuck = false;
  const pieces: Uint8Array[] = [];
  await b.pair.copyOut('film', { revision: null, node: null }, async (piece) => {
    pieces.push(piece.slice());
    if (pieces.length !== 2) return;
    b.pair.pause();
    await isIdle(b);
  });
  expect(Buffer.concat(pieces).equals(readFileSync(join(a.folder, 'film')))).toBe(true);
});

it('a check of all that the server holds does not hold up what is synced meanwhile, and ends with the pair', async () => {
  fill(a);
  await a.pair.sync();
  await b.pair.sync();
  await b.pair.start();
  isStuck = true;
  const ended = b.pair.verify({ isDeep: true }).catch((error: unknown) => error);
  await isUnderWay();
  isStuck = false;
  writeFileSync(join(a.folder, 'after'), 'saved meanwhile');
  await a.pair.sync();
  await isSame();
  expect(stuck).toBeGreaterThan(0);
  await b.pair.close();
  expect(await ended).toMatchObject({ reason: 'closing' });
});
