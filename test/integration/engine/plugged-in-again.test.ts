import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Disk } from '../../../src/local/disk.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { syncWorld } from '../../helpers/sync-world.ts';

test('what is on a disk that has another number when it is plugged in again is what it was', async () => {
  let added = 0;
  let reads = 0;
  const onOther = <S extends { dev: number } | undefined>(stats: S): S =>
    stats && Object.assign(stats, { dev: stats.dev + added });
  const disk: Disk = {
    ...nodeDisk,
    lstatSync: (path) => onOther(nodeDisk.lstatSync(path)),
    statSync: (path) => onOther(nodeDisk.statSync(path)),
    fstatSync: (handle) => onOther(nodeDisk.fstatSync(handle)),
    readSync: (...given) => {
      reads++;
      return nodeDisk.readSync(...given);
    },
    read: (...given) => {
      reads++;
      return nodeDisk.read(...given);
    },
  };
  const world = await syncWorld({ disk });
  let device = await world.device('A');
  for (const name of ['a', 'b']) writeFileSync(join(device.folder, name), name.repeat(1000));
  await device.pair.sync();
  added = 1;
  renameSync(join(device.folder, 'b'), join(device.folder, 'c'));
  device = await device.restart();
  reads = 0;
  expect(await device.pair.sync()).toMatchObject({ isConverged: true, movesUp: 1, filesUp: 0, deletesUp: 0 });
  // The one that was renamed.
  expect(reads).toBeLessThanOrEqual(2);
  added = 0;
  device = await device.restart();
  reads = 0;
  expect(await device.pair.sync()).toMatchObject({ isConverged: true, operations: 0 });
  expect(reads).toBe(0);
  await world.close();
});
