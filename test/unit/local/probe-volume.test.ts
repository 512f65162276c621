import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Disk } from '../../../src/local/disk.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { tempFolder } from '../../helpers/temp.ts';

it.each([
  ['HFS+, which cuts off', 1, Math.floor, 1_000_000],
  ['FAT on Linux, which cuts off', 2, Math.floor, 2_000_000],
  ['FAT on Windows, which rounds up', 2, Math.ceil, 2_000_000],
  ['exFAT on Windows, which rounds up', 0.01, Math.ceil, 10_000],
])('finds the step of times of %s', async (_, step, round, found) => {
  const root = join(await tempFolder('probe'), 'root');
  mkdirSync(root);
  const disk: Disk = {
    ...nodeDisk,
    utimesSync: (path, ...times) => {
      const [atime, mtime] = times.map((time) => String(round(Number(time) / step) * step));
      nodeDisk.utimesSync(path, atime ?? '', mtime ?? '');
    },
  };
  expect(await openNodeFileSystem(root, { disk }).probeVolume()).toMatchObject({ mtimeStepUs: found });
});
