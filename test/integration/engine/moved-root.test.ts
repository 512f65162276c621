import {
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { rootNode } from '../../../src/common/ids.ts';
import { formerVolume } from '../../../src/engine/observe/former-rows.ts';
import { takeRoot } from '../../../src/engine/observe/take-root.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import type { Entry } from '../../../src/model/stat.ts';
import { syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';

const clock = { ...systemClock, now: () => systemClock.now() + 5_000 };

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('.holdfast'))
    .sort();

/** The folder as a copy that a person made, also of the times, and of which `change` is what happened to it. */
async function copied(device: WorldDevice, change: (at: (name: string) => string) => void): Promise<WorldDevice> {
  const { folder } = device;
  renameSync(folder, `${folder}.former`);
  cpSync(`${folder}.former`, folder, { recursive: true, preserveTimestamps: true });
  rmSync(`${folder}.former`, { recursive: true });
  change((name) => join(folder, name));
  expect(await device.pair.sync().then(({ isConverged }) => isConverged)).toBe(false);
  return retake(device);
}

const retake = async (device: WorldDevice): Promise<WorldDevice> => {
  const fs = openNodeFileSystem(device.folder);
  const marker = await fs.readMarker();
  if (marker === null) throw new Error('no mark');
  await takeRoot(device.index, fs, marker);
  return device.restart();
};

test('a copy on another disk is known again by names and contents: nothing is sent, deleted or in conflict', async () => {
  const world = await syncWorld({ clock });
  let a = await world.device('A');
  const b = await world.device('B');
  mkdirSync(join(a.folder, 'd/e'), { recursive: true });
  for (const name of ['same', 'd/edited', 'd/e/renewed', 'd/there', 'goes there', 'unsent']) {
    writeFileSync(join(a.folder, name), `first ${name}`);
  }
  await a.pair.sync();
  await b.pair.sync();
  writeFileSync(join(b.folder, 'd/there'), 'edited there');
  rmSync(join(b.folder, 'goes there'));
  await b.pair.sync();

  a = await copied(a, (at) => {
    writeFileSync(at('d/edited'), 'edited since');
    utimesSync(at('d/e/renewed'), 0, 0);
    writeFileSync(at('new'), 'made since');
  });
  expect(await a.pair.sync()).toMatchObject({
    isConverged: true,
    filesUp: 2,
    filesDown: 1,
    deletesUp: 0,
    deletesDown: 1,
    conflicts: 0,
  });
  expect(await a.pair.sync()).toMatchObject({ isConverged: true, operations: 0 });
  await b.pair.sync();
  for (const { folder } of [a, b]) {
    expect(namesIn(folder)).toEqual(['d', 'd/e', 'd/e/renewed', 'd/edited', 'd/there', 'new', 'same', 'unsent'].sort());
    expect(readFileSync(join(folder, 'd/edited'), 'utf8')).toBe('edited since');
    expect(readFileSync(join(folder, 'd/there'), 'utf8')).toBe('edited there');
  }
  await world.close();
});

test('what a copy lacks comes back, and what it has in an older state is kept beside the newer one', async () => {
  const world = await syncWorld({ clock });
  let a = await world.device('A');
  const b = await world.device('B');
  for (const folder of ['kept', 'lost/inner']) mkdirSync(join(a.folder, folder), { recursive: true });
  for (const name of ['kept/f', 'lost/inner/f', 'lost/g', 'older', 'damaged', 'deleted there']) {
    writeFileSync(join(a.folder, name), `first ${name}`);
  }
  const time = 1_500_000_000;
  utimesSync(join(a.folder, 'damaged'), time, time);
  await a.pair.sync();
  await b.pair.sync();
  rmSync(join(b.folder, 'deleted there'));
  await b.pair.sync();
  a = await copied(a, (at) => {
    rmSync(at('lost'), { recursive: true });
    writeFileSync(at('older'), 'of long ago');
    utimesSync(at('older'), 1_000_000, 1_000_000);
    writeFileSync(at('deleted there'), 'of long ago, too');
    utimesSync(at('deleted there'), 1_000_000, 1_000_000);
    writeFileSync(at('damaged'), 'FIRST DAMAGED'.padEnd(statSync(at('damaged')).size));
    utimesSync(at('damaged'), time, time);
  });
  expect(await a.pair.sync()).toMatchObject({ isConverged: true, deletesUp: 0, deletesDown: 0, conflicts: 3 });
  await b.pair.sync();
  expect(await a.pair.sync()).toMatchObject({ isConverged: true, operations: 0 });
  for (const { folder } of [a, b]) {
    const names = namesIn(folder);
    expect(names).toEqual(expect.arrayContaining(['kept/f', 'lost/inner/f', 'lost/g', 'older', 'damaged']));
    expect(readFileSync(join(folder, 'older'), 'utf8')).toBe('first older');
    expect(readFileSync(join(folder, 'damaged'), 'utf8')).toBe('first damaged');
    const copies = names.filter((name) => name.includes(' (conflict from A'));
    expect(copies.map((name) => name.replace(/ \(.*/, ''))).toEqual(['damaged', 'deleted there', 'older']);
  }
  await world.close();
});

test.each<[string, Partial<Pick<Entry, 'birthUs' | 'ino'>>, { readonly dev?: number; readonly wasSo?: boolean }]>([
  ['on another disk', {}, { dev: 7 }],
  ['made at other times', { birthUs: 1 }, {}],
  ['with other numbers', { ino: 1 }, {}],
  ['where no times are kept', { birthUs: 0 }, { wasSo: true }],
  ['where things have no numbers', { ino: 0 }, { wasSo: true }],
])('what bears the mark and is like it is taken for a copy %s', async (_, change, { dev, wasSo = false }) => {
  const world = await syncWorld({ clock });
  const { folder, index, pair } = await world.device('A');
  writeFileSync(join(folder, 'f'), 'f');
  await pair.sync();
  if (wasSo)
    index.transaction((write) => {
      for (const row of index.read.localRowsOf(rootNode)) write.putLocal({ ...row, ...change });
    });
  const fs = openNodeFileSystem(folder);
  const like: FileSystem = {
    ...fs,
    volumeNumber: async () => dev ?? fs.volumeNumber(),
    listFolder: async (path) => {
      const outcome = await fs.listFolder(path);
      if (!outcome.ok) return outcome;
      const { listing } = outcome;
      return {
        ...outcome,
        listing: { ...listing, entries: listing.entries.map((entry) => ({ ...entry, ...change })) },
      };
    },
  };
  await takeRoot(index, like, must(await fs.readMarker()));
  expect(index.read.localRowsOf(rootNode).map(({ dev }) => dev)).toEqual([formerVolume]);
  await world.close();
});

test('moved on its disk, it is what it was: nothing is read, and what is missing was deleted', async () => {
  let reads = 0;
  const disk = {
    ...nodeDisk,
    readSync: (...given: Parameters<typeof nodeDisk.readSync>) => {
      reads++;
      return nodeDisk.readSync(...given);
    },
    read: (...given: Parameters<typeof nodeDisk.read>) => {
      reads++;
      return nodeDisk.read(...given);
    },
  };
  const world = await syncWorld({ clock, disk });
  let a = await world.device('A');
  for (const name of ['stays', 'goes']) writeFileSync(join(a.folder, name), name);
  await a.pair.sync();
  renameSync(a.folder, join(dirname(a.folder), 'elsewhere'));
  rmSync(join(dirname(a.folder), 'elsewhere', 'goes'));
  renameSync(join(dirname(a.folder), 'elsewhere'), a.folder);
  a = await retake(a);
  reads = 0;
  expect(await a.pair.sync()).toMatchObject({ isConverged: true, deletesUp: 1, filesUp: 0, filesDown: 0 });
  expect(reads).toBe(0);
  await world.close();
});
