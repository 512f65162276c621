import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Disk } from '../../../src/local/disk.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { found, path, reasonOf } from '../../contract/file-system-contract.ts';
import { meddlingDisk } from '../../helpers/meddling-disk.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** The file `old`, as it was seen, on a disk that it shares with a program that saves by renaming. */
async function aFile(instead: Partial<Disk> = {}) {
  const root = join(await tempFolder('renaming'), 'root');
  mkdirSync(root);
  writeFileSync(join(root, 'old'), 'first');
  const { disk, before, after } = meddlingDisk(instead);
  const fs = openNodeFileSystem(root, { disk });
  const saveAs = (name: string): void => {
    writeFileSync(join(root, 'saved'), 'theirs, and newer');
    renameSync(join(root, 'saved'), join(root, name));
  };
  return { root, fs, expected: await found(fs, 'old'), before, after, saveAs };
}

it('where file numbers are made up, another file of the same size and time has its name for itself', async () => {
  const root = join(await tempFolder('renaming'), 'root');
  mkdirSync(root);
  for (const [name, text] of Object.entries({ mine: 'precious', other: 'anything' })) {
    writeFileSync(join(root, name), text);
    utimesSync(join(root, name), 1_700_000_000, 1_700_000_000);
  }
  linkSync(join(root, 'other'), join(root, 'other, too'));
  const fuse = 0x65735546;
  const disk = { ...nodeDisk, statfsSync: (at: string) => ({ ...nodeDisk.statfsSync(at), type: fuse }) };
  const fs = openNodeFileSystem(root, { disk });
  const moved = fs.move(path('mine'), path('other'), await found(fs, 'mine'));
  expect(await reasonOf(moved)).toBe('exists');
  expect(readFileSync(join(root, 'mine'), 'utf8')).toBe('precious');
});

it('another file that has two names has them for itself', async () => {
  const root = join(await tempFolder('renaming'), 'root');
  mkdirSync(root);
  for (const [name, text] of Object.entries({ mine: 'precious', other: 'anything' }))
    writeFileSync(join(root, name), text);
  linkSync(join(root, 'other'), join(root, 'other, too'));
  const fs = openNodeFileSystem(root);
  expect(await reasonOf(fs.move(path('mine'), path('other'), await found(fs, 'mine')))).toBe('exists');
  for (const [name, text] of Object.entries({ mine: 'precious', other: 'anything' })) {
    expect(readFileSync(join(root, name), 'utf8')).toBe(text);
  }
});

it('a short name, which a disk makes up for a file, is none that may be left to it alone', async () => {
  const long = (at: string): string => at.replace(/\/LONGNA~1$/, '/old');
  const { root, fs, expected } = await aFile({
    lstatSync: (at) => nodeDisk.lstatSync(long(at)),
    bigLstatSync: (at) => nodeDisk.bigLstatSync(long(at)),
  });
  expect(await reasonOf(fs.move(path('old'), path('LONGNA~1'), expected))).toBe('exists');
  expect(readFileSync(join(root, 'old'), 'utf8')).toBe('first');
});

it('a save by another person in the last moment of a move keeps its name, though Linux lets nobody else link to it', async () => {
  const { root, fs, expected, before, saveAs } = await aFile({
    linkSync: (from, to) => {
      if (from.endsWith('/leaving')) throw Object.assign(new Error('not yours'), { code: 'EPERM' });
      nodeDisk.linkSync(from, to);
    },
  });
  before('renameSync', /leaving$/, () => saveAs('old'));
  expect(await reasonOf(fs.move(path('old'), path('new'), expected))).toBe('changed');
  expect(readFileSync(join(root, 'old'), 'utf8')).toBe('theirs, and newer');
  expect(existsSync(join(root, 'new'))).toBe(false);
});

it('nor does the former save take the place of one that came once more, where nobody else may link to it', async () => {
  const { root, fs, expected, before, saveAs } = await aFile({
    linkSync: (from, to) => {
      if (!from.endsWith('/leaving')) return nodeDisk.linkSync(from, to);
      writeFileSync(join(root, 'saved'), 'the newest of all');
      renameSync(join(root, 'saved'), join(root, 'old'));
      throw Object.assign(new Error('not yours'), { code: 'EPERM' });
    },
  });
  before('renameSync', /leaving$/, () => saveAs('old'));
  expect(await reasonOf(fs.move(path('old'), path('new'), expected))).toBe('changed');
  expect(readFileSync(join(root, 'old'), 'utf8')).toBe('the newest of all');
  expect(existsSync(join(root, 'new'))).toBe(false);
});

it('a save in the last moment of a move is brought back later on, where the disk fails as it is to have its name again', async () => {
  const { root, fs, expected, before, saveAs } = await aFile({
    linkSync: (from, to) => {
      if (from.endsWith('/leaving')) throw Object.assign(new Error('the disk fails'), { code: 'EIO' });
      nodeDisk.linkSync(from, to);
    },
  });
  before('renameSync', /leaving$/, () => saveAs('old'));
  await fs.move(path('old'), path('new'), expected);
  await fs.move(path('new'), path('newer'), await found(fs, 'new'));
  const [recovered = '', ...others] = await fs.recoverStage();
  expect(others).toEqual([]);
  expect(readFileSync(join(root, recovered), 'utf8')).toBe('theirs, and newer');
  expect(readFileSync(join(root, 'newer'), 'utf8')).toBe('first');
});

it('what a crash left of a move comes back if it has no other name', async () => {
  const { root, fs } = await aFile();
  const stage = join(root, '.holdfast/stage');
  mkdirSync(stage, { recursive: true });
  linkSync(join(root, 'old'), join(stage, 'leaving'));
  expect(await fs.recoverStage()).toEqual([]);
  renameSync(join(root, 'old'), join(stage, 'leaving'));
  const [recovered = ''] = await fs.recoverStage();
  expect(readFileSync(join(root, recovered), 'utf8')).toBe('first');
  expect(readdirSync(stage)).toEqual([]);
});

/** `own`: from the app's own folder, where the old name is nobody else's. */
it.each([
  ['a move', false],
  ['what comes back from its parking place', true],
])('a save under the new name, as soon as %s has it, keeps that name', async (_, isOwn) => {
  const { root, fs, expected, after, saveAs } = await aFile();
  if (isOwn) await fs.park(path('old'), expected, 'k1');
  after('linkSync', /new$/, () => saveAs('new'));
  expect(await reasonOf(isOwn ? fs.unpark('k1', path('new')) : fs.move(path('old'), path('new'), expected))).toBe(
    'changed',
  );
  expect(readFileSync(join(root, 'new'), 'utf8')).toBe('theirs, and newer');
  if (isOwn) await fs.unpark('k1', path('old'));
  expect(readFileSync(join(root, 'old'), 'utf8')).toBe('first');
});

it('what was saved under the old name in the last moment before the second one came has its name alone', async () => {
  const { root, fs, expected, before, saveAs } = await aFile();
  before('linkSync', /new$/, () => saveAs('old'));
  expect(await reasonOf(fs.move(path('old'), path('new'), expected))).toBe('changed');
  expect(readFileSync(join(root, 'old'), 'utf8')).toBe('theirs, and newer');
  expect(existsSync(join(root, 'new'))).toBe(false);
});

it('where the move had got as far as both names, a save under the old one in the last moment is no part of it', async () => {
  const { root, fs, before, saveAs } = await aFile();
  linkSync(join(root, 'old'), join(root, 'new'));
  before('renameSync', /leaving$/, () => saveAs('old'));
  expect(await reasonOf(fs.move(path('old'), path('new'), await found(fs, 'old')))).toBe('changed');
  expect(readFileSync(join(root, 'old'), 'utf8')).toBe('theirs, and newer');
  expect(readFileSync(join(root, 'new'), 'utf8')).toBe('first');
});
