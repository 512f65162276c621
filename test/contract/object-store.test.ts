import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { idBytes, newId, type ObjectId, type VaultId } from '../../src/common/ids.ts';
import { openDiskObjects } from '../../src/server/disk/disk-object-store.ts';
import type { Place, PlacedObject } from '../../src/server/metadata-store.ts';
import type { ObjectStore, StoredObject, SweepIndex } from '../../src/server/object-store.ts';
import { createMemoryObjects } from '../fakes/memory-objects.ts';
import { tempFolder } from '../helpers/temp.ts';
import { bytes, random } from '../helpers/test-account.ts';

const vault = newId<VaultId>(random);
const sizes = [1, 4112, 4112, 65_536, 65_537, 300_000, 5000, 4_194_320];
const makeObjects = (lengths: readonly number[] = sizes): StoredObject[] =>
  lengths.map((length) => ({ key: { vault, id: newId<ObjectId>(random) }, bytes: bytes(length) }));

const zip = (objects: readonly StoredObject[], places: readonly Place[]): PlacedObject[] =>
  objects.map(({ key }, at) => ({ ...key, place: places[at] as Place }));

const putAll = (store: ObjectStore, objects: readonly StoredObject[]): Promise<PlacedObject[]> =>
  store.put(objects, async (places) => zip(objects, places));

async function expectBytes(store: ObjectStore, placed: readonly PlacedObject[], objects: readonly StoredObject[]) {
  const found = await store.read(placed);
  expect(found).toHaveLength(objects.length);
  objects.forEach((object, at) => {
    expect(Buffer.compare(found[at] ?? Buffer.alloc(0), object.bytes)).toBe(0);
  });
}

/** As the metadata store would answer. */
function indexOf(placed: Map<ObjectId, PlacedObject>): SweepIndex {
  const all = () => [...placed.values()];
  return {
    packs: async () => {
      const sums = new Map<number, number>();
      for (const { place } of all()) {
        if (place.offset > 0) sums.set(place.file, (sums.get(place.file) ?? 0) + place.length);
      }
      return [...sums].map(([file, length]) => ({ file, bytes: length }));
    },
    inFile: async (file, after, limit) =>
      all()
        .filter(({ place }) => place.file === file && place.offset > after)
        .sort((a, b) => a.place.offset - b.place.offset)
        .slice(0, limit),
    isPlaced: async (objects) => objects.map(({ key, file }) => placed.get(key.id)?.place.file === file),
    move: async (moves) => {
      for (const { key, to } of moves) placed.set(key.id, { ...key, place: to });
    },
  };
}

function contract(name: string, open: () => Promise<ObjectStore>): void {
  describe(name, () => {
    let store: ObjectStore;
    beforeEach(async () => {
      store = await open();
    });
    afterEach(() => store.close());

    it('gives back what was put, of any size and in any order', async () => {
      const objects = makeObjects();
      const placed = await putAll(store, objects);
      await expectBytes(store, placed, objects);
      await expectBytes(store, placed.toReversed(), objects.toReversed());
      await expectBytes(store, [placed[3], placed[1]] as PlacedObject[], [objects[3], objects[1]] as StoredObject[]);
      expect(await store.read([])).toEqual([]);
    });

    it('takes many puts side by side', async () => {
      const groups = Array.from({ length: 20 }, () => makeObjects([4112, 70_000, 9000]));
      const placed = await Promise.all(groups.map((objects) => putAll(store, objects)));
      for (const [at, objects] of groups.entries()) await expectBytes(store, placed[at] ?? [], objects);
    });

    it('settles as the recording does', async () => {
      await expect(store.put(makeObjects([4112, 70_000]), async () => Promise.reject(new Error('no')))).rejects.toThrow(
        'no',
      );
      expect(await store.put(makeObjects([5000]), async () => 'recorded')).toBe('recorded');
    });

    it('answers null for what is gone, and the rest', async () => {
      const objects = makeObjects([70_000, 80_000]);
      const [first, second] = (await putAll(store, objects)) as [PlacedObject, PlacedObject];
      await store.free([first]);
      await store.free([first]);
      const [gone, there] = await store.read([first, second]);
      expect(gone).toBeNull();
      expect(there).not.toBeNull();
    });
  });
}

contract('objects in memory', async () => createMemoryObjects());
contract('objects on disk', async () => openDiskObjects(await tempFolder('objects'), 1));

describe('objects on disk', () => {
  const never = new AbortController().signal;

  it('are there when the store is opened again', async () => {
    const root = await tempFolder('objects');
    const objects = makeObjects();
    const first = await openDiskObjects(root, 1);
    const placed = await putAll(first, objects);
    await first.close();
    const second = await openDiskObjects(root, 2);
    await expectBytes(second, placed, objects);
    await second.close();
  });

  it('are told apart although they lie in several packs', async () => {
    const root = await tempFolder('objects');
    const objects = makeObjects([4112, 5000, 6000, 300_000]);
    const placed: PlacedObject[][] = [];
    for (const start of [1, 2, 3]) {
      const store = await openDiskObjects(root, start);
      placed.push(
        await putAll(
          store,
          objects.map(({ key, bytes: { length } }) => ({ key, bytes: bytes(length) })),
        ),
      );
      await store.close();
    }
    const store = await openDiskObjects(root, 4);
    const read = await store.read(objects.flatMap((_, at) => placed.map((each) => each[at] as PlacedObject)));
    expect(read.map((each) => each?.length)).toEqual(
      objects.flatMap(({ bytes: { length } }) => [length, length, length]),
    );
    await store.close();
  });

  it('lie in packs as STORAGE.md says', async () => {
    const root = await tempFolder('objects');
    const store = await openDiskObjects(root, 1);
    const objects = makeObjects([4112, 5000]);
    await putAll(store, objects);
    const [name] = await readdir(join(root, 'packs'));
    const records = objects.flatMap(({ key, bytes: content }) => {
      const numbers = Buffer.alloc(8);
      numbers.writeUInt32BE(content.length);
      numbers.writeUInt32BE(crc32(content), 4);
      return [Buffer.from('HFO1'), idBytes(key.vault), idBytes(key.id), numbers, content];
    });
    const expected = Buffer.concat([Buffer.from('HFPACK01'), ...records]);
    expect(Buffer.compare(await readFile(join(root, 'packs', name ?? '')), expected)).toBe(0);
    await store.close();
  });

  it('SRV-19 are not served when damaged or cut short', async () => {
    const root = await tempFolder('objects');
    const store = await openDiskObjects(root, 1);
    const objects = makeObjects([4112, 5000, 6000]);
    const placed = (await putAll(store, objects)) as [PlacedObject, PlacedObject, PlacedObject];
    const [name] = await readdir(join(root, 'packs'));
    const path = join(root, 'packs', name ?? '');
    const pack = await readFile(path);
    pack.writeUInt8(pack.readUInt8(placed[1].place.offset + 7) ^ 1, placed[1].place.offset + 7);
    await writeFile(path, pack.subarray(0, pack.length - 1));
    const found = await store.read(placed);
    expect(found.map((object) => object !== null)).toEqual([true, false, false]);
    await store.close();
  });

  it('that were never recorded are swept away at a later start, and only those', async () => {
    const root = await tempFolder('objects');
    const first = await openDiskObjects(root, 1);
    const [kept, lost] = [makeObjects([70_000, 4112]), makeObjects([80_000, 9000])];
    const placed = new Map((await putAll(first, kept)).map((object) => [object.id, object]));
    await putAll(first, lost);
    expect(await first.sweep(indexOf(placed), never)).toBe(0);
    await first.close();
    const second = await openDiskObjects(root, 2);
    expect(await second.sweep(indexOf(placed), never)).toBeGreaterThanOrEqual(80_000);
    await expectBytes(
      second,
      kept.map(({ key }) => placed.get(key.id) as PlacedObject),
      kept,
    );
    await second.close();
  });

  it('of earlier starts are looked through once, to the end', async () => {
    const root = await tempFolder('objects');
    const first = await openDiskObjects(root, 1);
    const placed = new Map((await putAll(first, makeObjects([70_000, 80_000]))).map((object) => [object.id, object]));
    await first.close();
    const store = await openDiskObjects(root, 2);
    let asked = 0;
    const index = indexOf(placed);
    const sweep = (signal = never): Promise<number> =>
      store.sweep(
        {
          ...index,
          isPlaced: (objects) => {
            asked += objects.length;
            return index.isPlaced(objects);
          },
        },
        signal,
      );
    await sweep(AbortSignal.abort());
    expect(asked).toBe(0);
    await sweep();
    expect(asked).toBe(2);
    // There is no more of it from then on, and a server that rests is to do nothing.
    await sweep();
    expect(asked).toBe(2);
    await store.close();
  });

  it('move to another pack when theirs is mostly waste, and stay readable', async () => {
    const root = await tempFolder('objects');
    const first = await openDiskObjects(root, 1);
    const objects = makeObjects(new Array<number>(100).fill(5000));
    const all = await putAll(first, objects);
    await first.close();
    const store = await openDiskObjects(root, 2);
    const placed = new Map(all.slice(0, 20).map((object) => [object.id, object]));
    expect(await store.sweep(indexOf(placed), never)).toBeGreaterThanOrEqual(80 * 5000);
    expect(await readdir(join(root, 'packs'))).toHaveLength(1);
    const kept = objects.slice(0, 20);
    await expectBytes(
      store,
      kept.map(({ key }) => placed.get(key.id) as PlacedObject),
      kept,
    );
    expect((await store.read([all[0] as PlacedObject]))[0]).toBeNull();
    await store.close();
  });

  it('of many starts, with little of each, come together in one pack, not before there are many', async () => {
    const root = await tempFolder('objects');
    const placed = new Map<ObjectId, PlacedObject>();
    const objects = makeObjects(new Array<number>(9).fill(5000));
    const packs = async (start: number): Promise<number> => {
      const store = await openDiskObjects(root, start);
      await store.sweep(indexOf(placed), never);
      await expectBytes(store, [...placed.values()], objects.slice(0, placed.size));
      await store.close();
      return (await readdir(join(root, 'packs'))).length;
    };
    for (const [at, object] of objects.entries()) {
      if (at === 8) expect(await packs(100)).toBe(8);
      const store = await openDiskObjects(root, 200 + at);
      for (const each of await putAll(store, [object])) placed.set(each.id, each);
      await store.close();
    }
    expect(await packs(300)).toBe(1);
  });

  it('are asked for in slices, however many are in a pack', async () => {
    const root = await tempFolder('objects');
    const first = await openDiskObjects(root, 1);
    const objects = makeObjects(new Array<number>(1000).fill(100));
    const placed = new Map((await putAll(first, objects)).slice(0, 450).map((object) => [object.id, object]));
    await first.close();
    const store = await openDiskObjects(root, 2);
    const index = indexOf(placed);
    let most = 0;
    const inFile: typeof index.inFile = async (...asked) => {
      const found = await index.inFile(...asked);
      most = Math.max(most, found.length);
      return found;
    };
    expect(await store.sweep({ ...index, inFile }, never)).toBe(8 + 1000 * 144 - 450 * 100);
    expect(most).toBeLessThanOrEqual(200);
    expect(await readdir(join(root, 'packs'))).toHaveLength(1);
    await expectBytes(store, [...placed.values()], objects.slice(0, 450));
    await store.close();
  });

  it('that are damaged keep their pack, which a copy of the disk may heal', async () => {
    const root = await tempFolder('objects');
    const first = await openDiskObjects(root, 1);
    const objects = makeObjects(new Array<number>(20).fill(5000));
    const all = await putAll(first, objects);
    await first.close();
    const [name] = await readdir(join(root, 'packs'));
    const path = join(root, 'packs', name ?? '');
    const whole = await readFile(path);
    const [hurt, sound] = all as [PlacedObject, PlacedObject];
    await writeFile(path, whole.with(hurt.place.offset, (whole[hurt.place.offset] ?? 0) ^ 1));
    const store = await openDiskObjects(root, 2);
    const placed = new Map([hurt, sound].map((object) => [object.id, object]));
    await store.sweep(indexOf(placed), never);
    expect(await readdir(join(root, 'packs'))).toContain(name);
    await writeFile(path, whole);
    expect(placed.get(sound.id)?.place.file).not.toBe(sound.place.file);
    await expectBytes(store, [...placed.values()], objects.slice(0, 2));
    await store.close();
  });

  it('whose record is on its way are left alone by the sweep', async () => {
    const root = await tempFolder('objects');
    const store = await openDiskObjects(root, 1);
    const placed = new Map<ObjectId, PlacedObject>();
    // More than a pack takes, so that it is closed while its last objects wait for their record.
    const objects = makeObjects(new Array<number>(1100).fill(62_000));
    await store.put(objects, async (places) => {
      await store.sweep(indexOf(placed), never);
      for (const object of zip(objects, places)) placed.set(object.id, object);
    });
    await store.sweep(indexOf(placed), never);
    await expectBytes(
      store,
      objects.slice(-20).map(({ key }) => placed.get(key.id) as PlacedObject),
      objects.slice(-20),
    );
    // A full one grows no more.
    const [next] = (await putAll(store, makeObjects([4112]))) as [PlacedObject];
    expect([...placed.values()].some(({ place }) => place.file === next.place.file)).toBe(false);
    await store.close();
  });

  it('are waited for by a pack that others have filled and left', async () => {
    const store = await openDiskObjects(await tempFolder('objects'), 1);
    const [object] = makeObjects([4112]) as [StoredObject];
    const many = makeObjects(new Array<number>(1100).fill(62_000));
    const filled = Promise.withResolvers<void>();
    const placed = store.put([object], async (places) => {
      await filled.promise;
      await store.sweep(indexOf(new Map()), never);
      return zip([object], places);
    });
    await expect(store.put(many, async () => Promise.reject(new Error('refused')))).rejects.toThrow('refused');
    filled.resolve();
    await expectBytes(store, await placed, [object]);
    await store.close();
  });

  it('are all that is swept: what has another name is not the server’s', async () => {
    const root = await tempFolder('objects');
    const others = ['single/00/notes', `single/00/a-b-${'0'.repeat(13)}1`, 'packs/notes'];
    await (await openDiskObjects(root, 1)).close();
    for (const name of others) await writeFile(join(root, name), 'a person’s');
    const store = await openDiskObjects(root, 2);
    await store.sweep(indexOf(new Map()), never);
    for (const name of others) expect(await readFile(join(root, name), 'utf8')).toBe('a person’s');
    await store.close();
  });

  it('keep their pack when a sweep meets it before anything is in it', async () => {
    for (let round = 0; round < 60; round++) {
      const store = await openDiskObjects(await tempFolder('objects'), 1);
      const placed = new Map<ObjectId, PlacedObject>();
      let isPut = false;
      const sweeping = (async () => {
        while (!isPut) await store.sweep(indexOf(placed), never);
      })();
      const objects = makeObjects([4112]);
      for (const object of await putAll(store, objects)) placed.set(object.id, object);
      isPut = true;
      await sweeping;
      await expectBytes(store, [...placed.values()], objects);
      await store.close();
    }
  });
});
