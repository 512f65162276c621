import { randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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
/** Called with each request for a part of something large. */
let hold: () => Promise<void>;
/** Lets through what waits, and all that follows. */
let open: () => void;

beforeEach(async () => {
  ahead = 0;
  hold = async () => undefined;
  open = () => undefined;
  world = await syncWorld({ clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ahead } });
  a = await world.device('A');
  b = await world.device('B');
  await a.pair.sync();
  await b.pair.sync();
  watchLarge();
});
afterEach(async () => {
  open();
  await world.close();
});

/** Makes the line one on which large objects are stuck; resolves when one is, and a round has lasted long enough by then. */
function stick(): Promise<void> {
  const gate = Promise.withResolvers<void>();
  const stuck = Promise.withResolvers<void>();
  open = () => {
    hold = async () => undefined;
    gate.resolve();
  };
  hold = async () => {
    ahead += 1000;
    stuck.resolve();
    await gate.promise;
  };
  return stuck.promise;
}

function watchLarge(): void {
  const { api } = world.storage;
  const large = new Set<string>();
  const { putObjects, getObjects } = api;
  Object.assign(api, {
    putObjects: async (...[vault, objects, options]: Parameters<typeof putObjects>) => {
      const pieces = objects.filter(({ bytes }) => bytes.length >= mebibyte);
      for (const { id } of pieces) large.add(id);
      if (pieces.length > 0) await hold();
      return putObjects(vault, objects, options);
    },
    getObjects: async function* (...[vault, ids, options]: Parameters<typeof getObjects>) {
      if (ids.some((id) => large.has(id))) await hold();
      yield* getObjects(vault, ids, options);
    },
  });
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
/** Names and sizes first: to read all of both folders again and again takes longer than to sync them. */
const isAlike = async (): Promise<void> => {
  const sizes = ({ folder }: WorldDevice): readonly string[] =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => !path.startsWith('.holdfast'))
      .map((path) => `${path} ${statSync(join(folder, path)).size}`)
      .toSorted();
  await eventually(() => {
    hear();
    expect(sizes(b)).toEqual(sizes(a));
    return true;
  });
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
};
const inStage = (device: WorldDevice): readonly string[] => readdirSync(join(device.folder, '.holdfast', 'stage'));

describe('while a large file goes up', () => {
  let large: string;
  beforeEach(async () => {
    const stuck = stick();
    await a.pair.start();
    await b.pair.start();
    large = join(a.folder, 'large');
    writeFileSync(large, randomBytes(size));
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

  it('what was not quiet when it was looked at is looked at again, though nothing else happens', async () => {
    // One that large is waited for, in case it is still being written.
    writeFileSync(join(a.folder, 'second'), randomBytes(size));
    await eventually(() => a.pair.status().up.filesTotal === 2);
  });

  it('it gets another name, and goes on under that', async () => {
    renameSync(large, join(a.folder, 'renamed'));
    await goes(a, b, 'one');
    open();
    await there(b, 'renamed');
    await isAlike();
    expect(world.storage.bytesPut()).toBeLessThan(size * 1.05);
  });

  it('it changes, and what it became is what arrives', async () => {
    appendFileSync(large, 'more');
    await goes(a, b, 'one');
    open();
    await there(b, 'large');
    await isAlike();
  });

  it('it is deleted, and nothing of it arrives or waits', async () => {
    rmSync(large);
    await goes(a, b, 'one');
    open();
    await goes(b, a, 'two');
    await eventually(() => a.pair.status().pending === 0);
    expect(existsSync(join(b.folder, 'large'))).toBe(false);
  });

  it('it is deleted, and what is saved after that does not wait for what of it is on the line', async () => {
    rmSync(large);
    await eventually(() => a.pair.status().pending === 0);
    await goes(a, b, 'one');
    await goes(b, a, 'two');
  });

  it('a pause ends it, and it goes on after that', async () => {
    await goes(a, b, 'one');
    a.pair.pause();
    open();
    await eventually(() => a.pair.status().state === 'paused');
    a.pair.resume();
    await there(b, 'large');
    await isAlike();
    expect(world.storage.bytesPut()).toBeLessThan(size * 1.05);
  });
});

describe('while many pictures are on their way', () => {
  // More than there is memory for.
  const count = 24;
  const makeAll = (): void => {
    for (let each = 0; each < count; each++)
      writeFileSync(join(a.folder, `picture ${each}`), randomBytes(2 * mebibyte));
  };
  const document = (from: WorldDevice, name: string): void =>
    writeFileSync(join(from.folder, name), randomBytes(300 * 1024));

  it('a note and a document go up before them', async () => {
    const stuck = stick();
    await a.pair.start();
    await b.pair.start();
    makeAll();
    await stuck;
    await goes(a, b, 'note');
    document(a, 'document');
    await there(b, 'document');
    expect(existsSync(join(b.folder, 'picture 0'))).toBe(false);
    open();
    await isAlike();
  });

  it('a note and a document come down before them', async () => {
    makeAll();
    await a.pair.sync();
    const stuck = stick();
    await a.pair.start();
    await b.pair.start();
    await stuck;
    await goes(a, b, 'note');
    document(a, 'document');
    await there(b, 'document');
    open();
    await isAlike();
  });

  it('what has come gets its name, though others have not', async () => {
    makeAll();
    await a.pair.sync();
    let left = 10;
    hold = async () => {
      if (left-- <= 0)
        await new Promise<void>((resolve) => {
          const before = open;
          open = () => {
            before();
            resolve();
          };
        });
    };
    await b.pair.start();
    await eventually(() => readdirSync(b.folder).length > 5);
    expect(readdirSync(b.folder).length).toBeLessThan(count);
    left = Number.POSITIVE_INFINITY;
    open();
    await isAlike();
  });
});

describe('while a large file comes down', () => {
  beforeEach(async () => {
    writeFileSync(join(a.folder, 'large'), randomBytes(size));
    await a.pair.sync();
    const stuck = stick();
    await a.pair.start();
    await b.pair.start();
    await stuck;
  });

  it('what else is saved travels in both directions, and nothing of the large one comes twice', async () => {
    await goes(b, a, 'one');
    await goes(a, b, 'two');
    await goes(b, a, 'three');
    expect(existsSync(join(b.folder, 'large'))).toBe(false);
    open();
    await there(b, 'large');
    await isAlike();
    expect(world.storage.bytesGot()).toBeLessThan(size * 1.05);
  });

  it('it gets another name or content elsewhere, and what it became is what arrives', async () => {
    renameSync(join(a.folder, 'large'), join(a.folder, 'renamed'));
    await goes(a, b, 'one');
    appendFileSync(join(a.folder, 'renamed'), 'more');
    await goes(b, a, 'two');
    open();
    await there(b, 'renamed');
    await isAlike();
  });

  it('it is deleted elsewhere, and nothing is left of it', async () => {
    rmSync(join(a.folder, 'large'));
    await goes(a, b, 'one');
    open();
    await goes(a, b, 'two');
    await eventually(() => b.pair.status().pending === 0);
    expect(existsSync(join(b.folder, 'large'))).toBe(false);
  });

  it('a folder that goes and one that comes do so', async () => {
    mkdirSync(join(a.folder, 'folder'));
    await goes(a, b, 'folder/one');
    rmSync(join(a.folder, 'folder'), { recursive: true });
    await eventually(() => {
      hear();
      return !existsSync(join(b.folder, 'folder'));
    });
    open();
    await there(b, 'large');
    await isAlike();
    expect(inStage(b)).toEqual([]);
  });
});
