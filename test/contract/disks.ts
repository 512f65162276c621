import { chownSync, symlinkSync } from 'node:fs';
import { nodeDisk } from '../../src/local/node-disk.ts';
import { tempFolder } from '../helpers/temp.ts';
import { makeSimDisk } from '../sim/disk/sim-disk.ts';
import { dice } from '../sim/random.ts';
import type { DiskUnderTest } from './disk-contract.ts';

const nobody = 65_534;

export async function realDisk(): Promise<DiskUnderTest> {
  const folder = await tempFolder('real');
  return {
    disk: nodeDisk,
    folder,
    symlink: symlinkSync,
    asPerson: (work) => {
      if (process.getuid?.() !== 0) return work();
      chownSync(folder, nobody, nobody);
      process.seteuid?.(nobody);
      try {
        work();
      } finally {
        process.seteuid?.(0);
      }
    },
  };
}

export async function simDisk(): Promise<DiskUnderTest> {
  let time = 1_700_000_000_000;
  const disk = makeSimDisk({ clock: { now: () => time++ }, dice: dice(1, 'disk') });
  const folder = '/tmp/simulated';
  disk.person.makeFolder(folder);
  const opened = disk.open();
  return { disk: opened, folder, symlink: opened.symlinkSync, asPerson: (work) => work() };
}
