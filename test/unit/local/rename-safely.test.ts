import { linkSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { found, path, reasonOf } from '../../contract/file-system-contract.ts';
import { tempFolder } from '../../helpers/temp.ts';

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
