import { chmodSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { found, path, reasonOf } from '../../contract/file-system-contract.ts';
import { meddlingDisk } from '../../helpers/meddling-disk.ts';
import { tempFolder } from '../../helpers/temp.ts';

async function aFile() {
  const root = join(await tempFolder('attributes'), 'root');
  const at = join(root, 'f');
  mkdirSync(root);
  writeFileSync(at, 'seen');
  chmodSync(at, 0o644);
  const { disk, before, after } = meddlingDisk();
  const fs = openNodeFileSystem(root, { disk });
  return { root, at, fs, seen: await found(fs, 'f'), before, after };
}

const mtimeUs = 1_700_000_000_000_000;

it.each([
  ['written to', { exec: true }, (at: string) => writeFileSync(at, 'NEWS')],
  ['made longer', { exec: true, mtimeUs }, (at: string) => writeFileSync(at, 'seen, and more')],
  [
    'replaced',
    { exec: true, mtimeUs },
    (at: string) => {
      writeFileSync(`${at} saved`, 'NEWS');
      renameSync(`${at} saved`, at);
    },
  ],
])(
  'a file that is %s meanwhile is vouched for as it was seen, so that the next look shows the change',
  async (_, attributes, act) => {
    const { at, fs, seen, after } = await aFile();
    after('fchmodSync', /^$/, () => act(at));
    const vouched = await fs.setAttributes(path('f'), seen, attributes);
    expect([vouched.ino, vouched.size, vouched.mtimeUs]).toEqual([seen.ino, seen.size, seen.mtimeUs]);
  },
);

it('a folder that took the name in the last moment keeps its mode', async () => {
  const { at, fs, seen, before } = await aFile();
  before('openSync', /f$/, () => {
    rmSync(at);
    mkdirSync(at, { mode: 0o755 });
  });
  expect(await reasonOf(fs.setAttributes(path('f'), seen, { exec: false, mtimeUs }))).toBe('changed');
  expect(statSync(at).mode & 0o777).toBe(0o755);
});
