import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { removeFile, writeFileAtomically } from '../../../src/app/home/atomic-file.ts';
import { tempFolder } from '../../helpers/temp.ts';

/** What is done to the disk, in order; `refused` fails. */
const disk = vi.hoisted(() => ({ did: [] as string[], refused: null as string | null }));

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>();
  const note = (what: string): void => {
    disk.did.push(what);
    if (what === disk.refused) throw Object.assign(new Error(what), { code: 'EIO' });
  };
  return {
    ...fs,
    fsyncSync: (handle: number) => {
      note(fs.fstatSync(handle).isDirectory() ? 'the folder synced' : 'the content synced');
      fs.fsyncSync(handle);
    },
    renameSync: (from: string, to: string) => {
      note('renamed');
      fs.renameSync(from, to);
    },
  };
});

afterEach(() => {
  disk.did = [];
  disk.refused = null;
});

it('is on the medium as a whole before it takes the place of the former one, and has the name there when it returns', async () => {
  const path = join(await tempFolder('atomic'), 'account.json');
  writeFileAtomically(path, 'keys');
  expect(disk.did).toEqual(['the content synced', 'renamed', 'the folder synced']);
  removeFile(path);
  expect(disk.did.slice(3)).toEqual(['the folder synced']);
});

it.each(['the content synced', 'renamed'])(
  'leaves the former one, and nothing else, if this fails: %s',
  async (refused) => {
    const folder = await tempFolder('atomic');
    const path = join(folder, 'account.json');
    writeFileSync(path, 'former');
    disk.refused = refused;
    expect(() => writeFileAtomically(path, 'keys')).toThrow('account.json');
    expect(readFileSync(path, 'utf8')).toBe('former');
    expect(readdirSync(folder)).toEqual(['account.json']);
  },
);
