import {
  appendFileSync,
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { isSameState } from '../../../src/model/stat.ts';
import { found, path, reasonOf, stageText } from '../../contract/file-system-contract.ts';
import { type MeddlingDisk, meddlingDisk } from '../../helpers/meddling-disk.ts';
import { tempFolder } from '../../helpers/temp.ts';

let folder: string;
let meddling: MeddlingDisk;
let fs: FileSystem;
const at = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(at(name), 'utf8');
const setTime = (name: string): void => utimesSync(at(name), 1_700_000_000, 1_700_000_000);
const open = (disk: MeddlingDisk, now?: () => number): void => {
  meddling = disk;
  fs = openNodeFileSystem(folder, { disk: disk.disk, ...(now && { now }) });
};
const inTrash = async (): Promise<string[]> => (await fs.listTrash()).map((item) => item.path);
const refuse = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code });
};

beforeEach(async () => {
  folder = await tempFolder('vouching');
  open(meddlingDisk());
  writeFileSync(at('f'), 'old');
  setTime('f');
});

/** Another program saves `f`, once what is planned on was looked at. */
const saves: Record<string, () => void> = {
  'another file of its size and time': () => {
    writeFileSync(at('f.new'), 'odd');
    renameSync(at('f.new'), at('f'));
    setTime('f');
  },
  'in place, its time put back': () => {
    appendFileSync(at('f'), 'er');
    setTime('f');
  },
  'in place, as many bytes': () => writeFileSync(at('f'), 'odd', { flag: 'r+' }),
};

describe.each(Object.entries(saves))('a save in the last moment: %s', (_, save) => {
  test('is not replaced', async () => {
    const file = await stageText(fs, 'from elsewhere');
    const expected = await found(fs, 'f');
    meddling.after('linkSync', /\/f .*\/f$/, save);
    expect(await reasonOf(fs.placeStaged(file, path('f'), expected, 'b1'))).toBe('changed');
    expect(text('f')).not.toBe('from elsewhere');
    expect(await inTrash()).toEqual([]);
  });

  test('is not deleted', async () => {
    const expected = await found(fs, 'f');
    meddling.before('renameSync', /\/f .*\/f$/, save);
    expect(await reasonOf(fs.trashFile(path('f'), expected, 'b1'))).toBe('changed');
    expect(['odd', 'older']).toContain(text('f'));
    expect(await inTrash()).toEqual([]);
  });

  test.each([
    ['openSync', /\/origin$/],
    ['renameSync', /\/item$/],
  ] as const)('stays under its name when the file is about to be parked, before %s', async (call, paths) => {
    const expected = await found(fs, 'f');
    meddling.before(call, paths, save);
    expect(await reasonOf(fs.park(path('f'), expected, 'k1'))).toBe('changed');
    expect(['odd', 'older']).toContain(text('f'));
  });
});

describe('what is written while something is done with a file counts as not seen', () => {
  const more = (name: string) => () => appendFileSync(at(name), ' and more');

  test('a move', async () => {
    meddling.after('unlinkSync', /\/leaving$/, more('g'));
    const stat = await fs.move(path('f'), path('g'), await found(fs, 'f'));
    expect(isSameState(stat, await found(fs, 'g'))).toBe(false);
  });

  test('a download that replaces, and one that is new', async () => {
    meddling.after('renameSync', /\/stage\/.* .*\/f$|\/[0-9a-f]{32} .*\/f$/, more('f'));
    const { stat } = await fs.placeStaged(await stageText(fs, 'new'), path('f'), await found(fs, 'f'), 'b1');
    expect(text('f')).toBe('new and more');
    expect(isSameState(stat, await found(fs, 'f'))).toBe(false);
    meddling.after('linkSync', /\/g$/, more('g'));
    const placed = await fs.placeStaged(await stageText(fs, 'new'), path('g'), null, 'b1');
    expect(isSameState(placed.stat, await found(fs, 'g'))).toBe(false);
  });

  test('a change of its executable bit', async () => {
    chmodSync(at('f'), 0o644);
    meddling.after('fchmodSync', /^$/, more('f'));
    const stat = await fs.setAttributes(path('f'), await found(fs, 'f'), { exec: true });
    expect(isSameState(stat, await found(fs, 'f'))).toBe(false);
  });
});

describe('a disk without hard links', () => {
  test('replaces nothing by a new file', async () => {
    open(meddlingDisk({ linkSync: refuse('EPERM') }));
    expect(await reasonOf(fs.placeStaged(await stageText(fs, 'new'), path('f'), null, 'b1'))).toBe('exists');
    expect(text('f')).toBe('old');
  });

  test('keeps no half of a copy, and replaces nothing then', async () => {
    const copyNewSync = (_: string, to: string): void => {
      writeFileSync(to, 'ol');
      refuse('ENOSPC')();
    };
    open(meddlingDisk({ linkSync: refuse('EPERM'), copyNewSync }));
    const file = await stageText(fs, 'from elsewhere');
    expect(await reasonOf(fs.placeStaged(file, path('f'), await found(fs, 'f'), 'b1'))).toBe('disk-full');
    expect(text('f')).toBe('old');
    expect(await inTrash()).toEqual([]);
  });
});

test('a disk that takes a few bytes at a time has all of them in the end', async () => {
  const writeSync: typeof nodeDisk.writeSync = (handle, given, offset, length, position) =>
    nodeDisk.writeSync(handle, given, offset, Math.min(length, 3), position);
  open(meddlingDisk({ writeSync }));
  await fs.placeStaged(await stageText(fs, 'of some length'), path('g'), null, 'b1');
  expect(text('g')).toBe('of some length');
});

test('a folder whose sync failed is not said to be on the medium', async () => {
  open(meddlingDisk({ fsync: async () => refuse('EIO')() }));
  expect(await reasonOf(fs.syncFolders([path('')]))).toBe('failed');
});

test('where folders cannot be synced, as in those that VirtualBox shares, files are', async () => {
  const isFolder = (handle: number): boolean => nodeDisk.fstatSync(handle).isDirectory();
  const fsync = async (handle: number): Promise<void> =>
    isFolder(handle) ? refuse('EINVAL')() : nodeDisk.fsync(handle);
  const fsyncSync = (handle: number): void => (isFolder(handle) ? refuse('EINVAL')() : nodeDisk.fsyncSync(handle));
  open(meddlingDisk({ fsync, fsyncSync, linkSync: refuse('EPERM') }));
  const file = await stageText(fs, 'from elsewhere');
  await fs.placeStaged(file, path('f'), await found(fs, 'f'), 'b1');
  await fs.syncFolders([path('')]);
  expect(text('f')).toBe('from elsewhere');
  expect(await inTrash()).toEqual(['f']);
});

test('a root that cannot be listed is not there for now', async () => {
  open(meddlingDisk({ tryReaddirSync: refuse('EIO') }));
  expect(await fs.checkRoot(null)).toBe('unreadable');
});

test('what a download left in the stage is kept for as long as it is wanted, in whatever year the disk stands', async () => {
  const key = '0123456789abcdef'.repeat(2);
  const file = await fs.createStaged(key);
  await file.write(new Uint8Array(10), 0);
  await file.leave();
  utimesSync(at(`.holdfast/stage/part-${key}`), 0, 0);
  await fs.recoverStage((wanted) => wanted === key);
  expect(readdirSync(at('.holdfast/stage'))).toHaveLength(1);
  await fs.recoverStage(() => false);
  expect(readdirSync(at('.holdfast/stage'))).toEqual([]);
});

test('a trash that has the times of a year to come, as before the clock was set back, can be emptied', async () => {
  await fs.trashFile(path('f'), await found(fs, 'f'), 'b1');
  const now = Date.now() - 365 * 24 * 3_600_000;
  open(meddlingDisk(), () => now);
  expect(await fs.expireTrash(now, (batch) => batch !== 'b1')).toBe(0);
  expect(await fs.expireTrash(now)).toBe(1);
  expect(await fs.trashBatches()).toEqual([]);
});

test('the disk’s clock is asked without a trace; where it cannot be, it counts as right', async () => {
  const hour = 3_600_000;
  open(meddlingDisk(), () => Date.now() - hour);
  const ahead = await fs.clockAhead();
  expect([ahead > hour - 5000, ahead < hour + 60_000]).toEqual([true, true]);
  expect(readdirSync(at('.holdfast/stage'))).toEqual([]);
  open(meddlingDisk({ openSync: refuse('ENOSPC') }), () => Date.now() - hour);
  expect(await fs.clockAhead()).toBe(0);
});

test('where a disk says the time of birth for that of the change, a fresh trash is not an old one', async () => {
  const aged = <S extends { birthtimeMs: number } | undefined>(stats: S): S =>
    stats && Object.assign(stats, { ctimeMs: 1_600_000_000_000 });
  open(meddlingDisk({ lstatSync: (name) => aged(nodeDisk.lstatSync(name)) }));
  await fs.trashFile(path('f'), await found(fs, 'f'), 'b1');
  expect(await fs.expireTrash(Date.now() - 60_000)).toBe(0);
  expect(existsSync(at('.holdfast/trash/b1/f'))).toBe(true);
});
