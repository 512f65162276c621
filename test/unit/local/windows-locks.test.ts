import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import type { Disk } from '../../../src/local/disk.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { tempFolder } from '../../helpers/temp.ts';

const numbers: Readonly<Record<string, number>> = { EPERM: -4048, EBUSY: -4082 };

const refuse = (code: string): never => {
  throw Object.assign(new Error(code), { code, errno: numbers[code] });
};

/**
 * As on Windows: what is read-only is not replaced, and a file that a program holds is not renamed, replaced or removed under
 * any of its names, nor are folders that it lies in renamed, while nothing keeps it from getting further names. One that a program
 * reads and lets others rename and remove is not replaced either.
 */
function windowsDisk(): { readonly disk: Disk; hold(path: string | null): void; read(path: string | null): void } {
  let held: number | null = null;
  let shared: number | null = null;
  const numberOf = (path: string | null): number | null => (path === null ? null : lstatSync(path).ino);
  const check = (path: string): void => {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.ino === held) refuse('EBUSY');
    if (stats?.isDirectory() && holdsHeld(path)) refuse('EPERM');
  };
  const holdsHeld = (folder: string): boolean =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).some(
      (name) => lstatSync(join(folder, name)).ino === held,
    );
  return {
    hold: (path) => {
      held = numberOf(path);
    },
    read: (path) => {
      shared = numberOf(path);
    },
    disk: {
      ...nodeDisk,
      renameSync: (from, to) => {
        check(from);
        check(to);
        const taken = lstatSync(to, { throwIfNoEntry: false });
        if (from !== to && taken !== undefined && (taken.ino === shared || (taken.mode & 0o200) === 0)) refuse('EPERM');
        nodeDisk.renameSync(from, to);
      },
      unlinkSync: (path) => {
        check(path);
        nodeDisk.unlinkSync(path);
      },
    },
  };
}

async function folderWith(text: string, instead: Partial<Disk> = {}) {
  const root = join(await tempFolder('windows'), 'root');
  mkdirSync(root);
  const file = join(root, 'f');
  writeFileSync(file, text);
  const { disk, hold, read } = windowsDisk();
  const fs = openNodeFileSystem(root, { disk: { ...disk, ...instead }, anchoring: 'path' });
  const path = 'f' as RelativePath;
  const replace = async (batch: string) => {
    const [staged] = await fs.stageAll([{ bytes: new TextEncoder().encode('new'), mtimeUs: 1_000_000, exec: false }]);
    const seen = await fs.stat(path);
    if (staged === undefined || seen === null) throw new Error('nothing to replace');
    await fs.syncStaged([staged]);
    return fs.placeStaged(staged, path, seen, batch);
  };
  return { fs, root, file, path, hold, read, replace };
}

it('a file that a program holds is not replaced, and the trash does not fill up with it', async () => {
  const { fs, file, hold, replace } = await folderWith('old');
  hold(file);
  for (const batch of ['one', 'two']) await expect(replace(batch)).rejects.toMatchObject({ reason: 'busy' });
  expect(await fs.listTrash()).toEqual([]);
  hold(null);
  await replace('three');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(await fs.listTrash()).toMatchObject([{ batch: 'three', size: 3 }]);
});

it('a file that a program holds does not get a second name by a move', async () => {
  const { fs, root, file, path, hold } = await folderWith('old');
  const seen = await fs.stat(path);
  hold(file);
  await expect(fs.move(path, 'g' as RelativePath, seen as NonNullable<typeof seen>)).rejects.toMatchObject({
    reason: 'busy',
  });
  expect(existsSync(join(root, 'g'))).toBe(false);
});

it.each([0o644, 0o444])('a file of mode %o that a program reads is in use, and lacks no permission', async (mode) => {
  const { fs, file, read, replace } = await folderWith('old');
  chmodSync(file, mode);
  read(file);
  await expect(replace('one')).rejects.toMatchObject({ reason: 'busy' });
  expect(await fs.listTrash()).toEqual([]);
  expect(lstatSync(file).mode & 0o777).toBe(mode);
  read(null);
  await replace('two');
  expect(readFileSync(file, 'utf8')).toBe('new');
});

it('a folder in which a program holds a file is in use, and lacks no permission', async () => {
  const { fs, root, hold } = await folderWith('old');
  mkdirSync(join(root, 'd'));
  writeFileSync(join(root, 'd/held'), 'held');
  const seen = await fs.stat('d' as RelativePath);
  if (seen === null) throw new Error('nothing to move');
  hold(join(root, 'd/held'));
  const move = () => fs.move('d' as RelativePath, 'e' as RelativePath, seen);
  await expect(move()).rejects.toMatchObject({ reason: 'busy' });
  await expect(fs.park('d' as RelativePath, seen, 'key')).rejects.toMatchObject({ reason: 'busy' });
  hold(null);
  await move();
  expect(readFileSync(join(root, 'e/held'), 'utf8')).toBe('held');
});

it('a new file that a virus scanner holds has its name all the same, and start-up removes the one in the stage', async () => {
  const { fs, root, hold } = await folderWith('old');
  const [staged] = await fs.stageAll([{ bytes: new TextEncoder().encode('new'), mtimeUs: 1_000_000, exec: false }]);
  if (staged === undefined) throw new Error('nothing was staged');
  await fs.syncStaged([staged]);
  const stage = join(root, '.holdfast/stage');
  const [name = ''] = readdirSync(stage);
  hold(join(stage, name));
  expect(await fs.placeAll([{ file: staged, path: 'g' as RelativePath }])).toMatchObject([{ ok: true }]);
  expect(readFileSync(join(root, 'g'), 'utf8')).toBe('new');
  hold(null);
  await fs.recoverStage();
  expect(readdirSync(stage)).toEqual([]);
});

it('a read-only file is replaced, and the new one is read-only', async () => {
  const { file, replace } = await folderWith('old');
  chmodSync(file, 0o444);
  await replace('one');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(lstatSync(file).mode & 0o777).toBe(0o444);
});

/** As exFAT on Windows: no second names, a copy has the marks of what it was made of, and what is read-only cannot be synced. */
const stick: Partial<Disk> = {
  linkSync: () => refuse('EISDIR'),
  fsyncSync: (handle) => {
    if ((nodeDisk.fstatSync(handle).mode & 0o200) === 0) refuse('EPERM');
    nodeDisk.fsyncSync(handle);
  },
};

it('a read-only file is replaced where it is kept by copying, too', async () => {
  const { fs, file, replace } = await folderWith('old', stick);
  chmodSync(file, 0o444);
  await replace('one');
  expect(readFileSync(file, 'utf8')).toBe('new');
  expect(lstatSync(file).mode & 0o777).toBe(0o444);
  expect(await fs.listTrash()).toMatchObject([{ batch: 'one', size: 3 }]);
});

it('a file that another program keeps in a cloud, and that gets no second name, is moved and replaced', async () => {
  const { fs, root, path, replace } = await folderWith('old', { linkSync: () => refuse('UNKNOWN') });
  await replace('one');
  expect(await fs.listTrash()).toMatchObject([{ batch: 'one', size: 3 }]);
  const seen = await fs.stat(path);
  await fs.move(path, 'g' as RelativePath, seen as NonNullable<typeof seen>);
  expect(readFileSync(join(root, 'g'), 'utf8')).toBe('new');
});
