import * as fs from 'node:fs';
import { mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { tempFolder } from '../../helpers/temp.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

it('a folder on a volume that the system cannot name, as a RAM disk of Windows, has a real path all the same', async () => {
  const folder = realpathSync(await tempFolder('real'));
  mkdirSync(join(folder, 'root'));
  symlinkSync('root', join(folder, 'link'));
  vi.spyOn(fs.realpathSync, 'native').mockImplementation(() => {
    throw Object.assign(new Error('EISDIR'), { code: 'EISDIR' });
  });
  expect(nodeDisk.realpathSync(join(folder, 'link'))).toBe(join(folder, 'root'));
  expect(() => nodeDisk.realpathSync(join(folder, 'none'))).toThrow('ENOENT');
});
