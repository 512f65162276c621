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
import { takeRoot } from '../../../src/engine/observe/take-root.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
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
  await a.pair.sync();
  await b.pair.sync();
  rmSync(join(b.folder, 'deleted there'));
  await b.pair.sync();
  // Not later than it was: a `Date` is rounded.
  const time = Math.floor(statSync(join(a.folder, 'damaged')).mtimeMs) / 1000;
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
