import { type FileHandle, readdir, stat } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { newId, type ObjectId, type VaultId } from '../../../src/common/ids.ts';
import { openDataFolder } from '../../../src/server/data-folder.ts';
import { openDiskObjects } from '../../../src/server/disk/disk-object-store.ts';
import type { MetadataStore, Place } from '../../../src/server/metadata-store.ts';
import type { ObjectStore, StoredObject } from '../../../src/server/object-store.ts';
import { openSqliteMetadata } from '../../../src/server/sqlite/sqlite-metadata-store.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { bytes, random } from '../../helpers/test-account.ts';

/** What a power cut would take: kept in step by the calls below. */
const medium = vi.hoisted(() => ({
  contents: new Set<string>(),
  names: new Set<string>(),
  /** Files that got their name before their content was on the medium. */
  early: [] as string[],
  /** The next sync of a path that this fits fails. */
  failing: null as RegExp | null,
  /** The next writes to a pack take so many bytes only. */
  taken: [] as number[],
  /** Called once, before the next write of records to a pack. */
  onWrite: null as (() => Promise<void>) | null,
  /** What is cut off is cut off after this. */
  beforeTruncate: null as Promise<unknown> | null,
  /** Where files below this folder cannot be read. */
  bad: null as { readonly folder: string; readonly offset: number; readonly error: object } | null,
}));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const { contents, names } = medium;

  const sync = (path: string, work: () => Promise<void>) => async (): Promise<void> => {
    if (medium.failing?.test(path)) {
      medium.failing = null;
      throw Object.assign(new Error('EIO'), { code: 'EIO' });
    }
    await work();
    contents.delete(path);
    for (const name of names) if (dirname(name) === path) names.delete(name);
  };
  const watched = (path: string, handle: FileHandle): FileHandle => {
    const { read, write, writev, writeFile, truncate, sync: syncAll, datasync } = handle;
    const writePart = (...args: [bytes: Uint8Array, at: number, length: number, position: number]) =>
      (write as (...args: unknown[]) => unknown).apply(handle, args);
    const dirty = <T extends (...args: never[]) => unknown>(call: T): T =>
      ((...args: never[]) => {
        contents.add(path);
        return call.apply(handle, args);
      }) as T;
    return Object.assign(handle, {
      read: async (...asked: [bytes: Uint8Array, at: number, length: number, position: number]) => {
        const { bad } = medium;
        const [, , length, position] = asked;
        if (bad !== null && path.includes(bad.folder) && position <= bad.offset && bad.offset < position + length) {
          throw Object.assign(new Error('bad block'), bad.error);
        }
        return (read as (...args: unknown[]) => unknown).apply(handle, asked);
      },
      write: dirty((bytes: Uint8Array, at: number, length: number, position: number) =>
        writePart(bytes, at, medium.taken.shift() ?? length, position),
      ),
      writeFile: dirty(writeFile),
      writev: dirty(async (parts: readonly Uint8Array[], position: number) => {
        const { onWrite } = medium;
        medium.onWrite = null;
        await onWrite?.();
        const taken = medium.taken.shift();
        if (taken === undefined) return writev.call(handle, parts, position);
        return writePart(Buffer.concat(parts), 0, taken, position);
      }),
      truncate: async (length: number) => {
        await medium.beforeTruncate;
        await truncate.call(handle, length);
      },
      sync: sync(path, syncAll.bind(handle)),
      datasync: sync(path, datasync.bind(handle)),
    });
  };
  return {
    ...real,
    open: async (path: string, flags: string | number, mode?: number) => {
      const handle = await real.open(path, flags, mode);
      if (flags === 'wx' || flags === 'w') names.add(path);
      return watched(path, handle);
    },
    mkdir: async (path: string, options: Parameters<typeof real.mkdir>[1]) => {
      const first = await real.mkdir(path, options);
      if (first !== undefined || typeof options !== 'object' || options?.recursive !== true) names.add(path);
      return first;
    },
    rename: async (from: string, to: string) => {
      await real.rename(from, to);
      if (contents.has(from)) medium.early.push(to);
      for (const known of [contents, names]) if (known.delete(from)) known.add(to);
      names.add(to);
    },
    rm: async (path: string, options: Parameters<typeof real.rm>[1]) => {
      await real.rm(path, options);
      for (const known of [contents, names]) for (const each of known) if (each.startsWith(path)) known.delete(each);
    },
  };
});

let folder: string;
beforeEach(async () => {
  folder = await tempFolder('data');
  medium.contents.clear();
  medium.names.clear();
  medium.early.length = 0;
  medium.beforeTruncate = null;
});

/** Below the folder; what is not whole yet is worth nothing. */
const atRisk = (): string[] =>
  [...medium.contents, ...medium.names, ...medium.early]
    .map((path) => relative(folder, path))
    .filter((path) => !/(^|\/)new\/./.test(path));

const vault = newId<VaultId>(random);
const makeObjects = (lengths: readonly number[]): StoredObject[] =>
  lengths.map((length) => ({ key: { vault, id: newId<ObjectId>(random) }, bytes: bytes(length) }));

const packedBytes = (objects: readonly StoredObject[]): number =>
  objects.reduce((sum, object) => sum + 44 + object.bytes.length, 0);

async function expectThere(store: ObjectStore, objects: readonly StoredObject[], places: readonly Place[]) {
  const found = await store.read(objects.map(({ key }, at) => ({ ...key, place: places[at] as Place })));
  for (const [at, object] of objects.entries()) {
    expect(Buffer.compare(found[at] ?? Buffer.alloc(0), object.bytes)).toBe(0);
  }
}

describe('what a server has acknowledged is on the medium', () => {
  it('objects of any size, with their names, before they are recorded', async () => {
    const store = await openDiskObjects(join(folder, 'objects'), 1);
    expect(atRisk()).toEqual([]);
    for (const lengths of [[5000, 9000], [300_000], [4112, 2_000_000, 70_000]]) {
      const isSafe = await store.put(makeObjects(lengths), async () => atRisk());
      expect(isSafe).toEqual([]);
    }
    await store.close();
  });

  it('the format of the data folder', async () => {
    const { release } = await openDataFolder(folder);
    expect(atRisk()).toEqual([]);
    release();
  });

  it('every commit of the database', async () => {
    const pragma = vi.spyOn(Database.prototype, 'pragma');
    const metadata = openSqliteMetadata(join(folder, 'meta.db'));
    const db = pragma.mock.contexts[0] as Database.Database;
    expect(db.pragma('synchronous', { simple: true })).toBe(2);
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(db.pragma('fullfsync', { simple: true })).toBe(1);
    expect(db.pragma('checkpoint_fullfsync', { simple: true })).toBe(1);
    await metadata.close();
  });

  it('records of objects, for which the server does not stand still, or else they are refused', async () => {
    const open = () => openSqliteMetadata(join(folder, 'meta.db'));
    const add = ({ objects }: MetadataStore) =>
      objects.add(vault, [{ id: newId<ObjectId>(random), place: { file: 7, offset: 8, length: 5000, crc: 1 } }], {
        quota: null,
        unreferencedUntil: 1,
      });
    const first = open();
    await expect(add(first)).resolves.toEqual({ status: 'missing' });
    medium.failing = /meta\.db-wal$/;
    await expect(add(first)).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
    expect(medium.failing).toBeNull();
    await expect(add(first)).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
    await first.close();
    const second = open();
    await expect(add(second)).resolves.toEqual({ status: 'missing' });
    await second.close();
  });
});

describe('a disk that fails once', () => {
  it.each([
    [5000, /packs\/[0-9a-f]+$/],
    [300_000, /single\/[0-9a-f]{2}$/],
    [300_000, /new\/[0-9a-f]+$/],
  ])('is told of, and written to again elsewhere (%d bytes, %s)', async (length, failing) => {
    const store = await openDiskObjects(join(folder, 'objects'), 1);
    const before = makeObjects([5000]);
    await store.put(before, async () => undefined);
    const [object] = makeObjects([length]) as [StoredObject];
    medium.failing = failing;
    await expect(store.put([object], async () => undefined)).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
    const places = await store.put([object], async (given) => given);
    await expectThere(store, [object], places);
    expect(await readdir(join(folder, 'objects', 'new'))).toEqual([]);
    const packs = await readdir(join(folder, 'objects', 'packs'));
    const sizes = await Promise.all(packs.map((name) => stat(join(folder, 'objects', 'packs', name))));
    const whole = packedBytes(before) + (length < 65_536 ? packedBytes([object]) : 0);
    expect(sizes.reduce((sum, { size }) => sum + size - 8, 0)).toBe(whole);
    await store.close();
  });

  it('that takes a write in parts has all of it in the end', async () => {
    const store = await openDiskObjects(join(folder, 'objects'), 1);
    const objects = makeObjects([5000, 6000, 7000]);
    await store.put(makeObjects([5000]), async () => undefined);
    medium.taken = [5300, 700, 50];
    const places = await store.put(objects, async (given) => given);
    expect(medium.taken).toEqual([]);
    await expectThere(store, objects, places);
    await store.close();
  });
});

describe('a pack that is given up', () => {
  it('before anything is in it is followed by another one', async () => {
    const store = await openDiskObjects(join(folder, 'objects'), 1);
    const objects = makeObjects([5000]);
    medium.failing = /packs$/;
    await expect(store.put(objects, async () => undefined)).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
    await expectThere(store, objects, await store.put(objects, async (places) => places));
    await store.close();
  });

  it('keeps what was written whole, also behind what took longer', async () => {
    const store = await openDiskObjects(join(folder, 'objects'), 1);
    const [slow, quick, failing] = makeObjects([5000, 6000, 7000]) as [StoredObject, StoredObject, StoredObject];
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    medium.onWrite = () => {
      begun.resolve();
      return goOn.promise;
    };
    const slowly = store.put([slow], async (places) => places);
    await begun.promise;
    const second = await store.put([quick], async (places) => places);
    goOn.resolve();
    const first = await slowly;
    medium.failing = /packs\/[0-9a-f]+$/;
    await expect(store.put([failing], async () => undefined)).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
    await expectThere(store, [slow, quick], [...first, ...second]);
    await store.close();
  });

  it('keeps what comes just then, at whatever moment that is', async () => {
    for (let moment = 0; moment < 20; moment++) {
      const store = await openDiskObjects(join(folder, `objects-${moment}`), 1);
      const [first, failing, next] = makeObjects([5000, 6000, 7000]) as [StoredObject, StoredObject, StoredObject];
      await store.put([first], async () => undefined);
      let coming: Promise<readonly Place[]> | null = null;
      const come = async (): Promise<readonly Place[]> => {
        for (let passed = 0; passed < moment; passed++) await null;
        return store.put([next], async (places) => places);
      };
      medium.onWrite = async () => {
        coming = come();
        medium.beforeTruncate = Promise.allSettled([coming]);
        throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
      };
      await expect(store.put([failing], async () => undefined)).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
      await expectThere(store, [next], (await coming) ?? []);
      await store.close();
    }
  });
});

describe('a block of the disk that cannot be read any more', () => {
  afterEach(() => {
    medium.bad = null;
  });

  it.each([{ code: 'EIO' }, { code: 'Unknown system error -74', errno: -74 }])(
    'takes the object that lies there, and no other one (%j)',
    async (error) => {
      const store = await openDiskObjects(join(folder, 'objects'), 1);
      const objects = makeObjects([5000, 6000, 7000, 300_000]);
      const places = await store.put(objects, async (given) => given);
      const placed = objects.map(({ key }, at) => ({ ...key, place: places[at] as Place }));
      medium.bad = { folder: 'packs', offset: (places[1]?.offset ?? 0) + 100, error };
      const isRead = async () => (await store.read(placed)).map((found) => found !== null);
      expect(await isRead()).toEqual([true, false, true, true]);
      medium.bad = { folder: 'single', offset: 250_000, error };
      expect(await isRead()).toEqual([true, true, true, false]);
      await store.close();
    },
  );

  it('is not what a server without free files finds: then nothing counts as damaged', async () => {
    const store = await openDiskObjects(join(folder, 'objects'), 1);
    const objects = makeObjects([5000, 6000]);
    const places = await store.put(objects, async (given) => given);
    medium.bad = { folder: 'packs', offset: places[0]?.offset ?? 0, error: { code: 'EMFILE' } };
    const placed = objects.map(({ key }, at) => ({ ...key, place: places[at] as Place }));
    await expect(store.read(placed)).rejects.toMatchObject({ code: 'EMFILE' });
    await store.close();
  });

  it('leaves the pack where it is, and what else is in it moves to another one', async () => {
    const first = await openDiskObjects(join(folder, 'objects'), 1);
    const objects = makeObjects(new Array<number>(20).fill(5000));
    const places = await first.put(objects, async (given) => given);
    await first.close();
    const store = await openDiskObjects(join(folder, 'objects'), 2);
    const live = new Map(objects.slice(0, 3).map(({ key }, at) => [key.id, { ...key, place: places[at] as Place }]));
    const file = places[0]?.file ?? 0;
    const inFile = (asked: number) => [...live.values()].filter(({ place }) => place.file === asked);
    medium.bad = { folder: 'packs', offset: places[1]?.offset ?? 0, error: { code: 'EIO' } };
    await store.sweep(
      {
        packs: async () => [{ file, bytes: 15_000 }],
        inFile: async (asked, after) => inFile(asked).filter(({ place }) => place.offset > after),
        isPlaced: async () => [],
        move: async (moves) => {
          for (const { key, to } of moves) live.set(key.id, { ...key, place: to });
        },
      },
      new AbortController().signal,
    );
    expect(inFile(file).map(({ id }) => id)).toEqual([objects[1]?.key.id]);
    expect((await readdir(join(folder, 'objects', 'packs'))).length).toBe(2);
    await store.close();
  });
});
