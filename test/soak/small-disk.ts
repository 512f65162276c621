import { mkdirSync, rmSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, skipped } from '../faults/volume.ts';
import { eventually } from '../helpers/eventually.ts';
import { tempFolder } from '../helpers/temp.ts';

/** An ext4 disk of its own that can be filled, write-protected and taken off. */
export interface SmallDisk {
  readonly folder: string;
  readonly isThere: boolean;
  /** Leaves no more than so many bytes free. */
  fill(leave: number): void;
  empty(): void;
  protect(): void;
  unprotect(): void;
  /** Waits until nobody has anything open on it. */
  takeOff(): Promise<void>;
  putOn(): void;
  remove(): void;
}

const block = 4096;

/** Null, with a loud word, where none can be mounted. */
export async function smallDisk(mib: number): Promise<SmallDisk | null> {
  const base = await tempFolder('disk');
  const image = join(base, 'disk.img');
  const folder = join(base, 'mounted');
  mkdirSync(folder);
  const mount = (): void => void run('mount', ['-o', 'loop', image, folder]);
  try {
    writeFileSync(image, '');
    truncateSync(image, mib * 1024 * 1024);
    // No block is kept for root.
    run('mkfs.ext4', ['-q', '-F', '-m', '0', image]);
    mount();
  } catch (error) {
    return skipped('no ext4 image can be mounted by loop, so no disks are filled under what runs', error);
  }
  let isThere = true;
  let ballast = 0;
  const unmounted = (): boolean => {
    run('umount', [folder]);
    return true;
  };
  return {
    folder,
    get isThere() {
      return isThere;
    },
    fill: (leave) => {
      // What is asked for may be more than a file that needs blocks for itself can have.
      for (let part = 64 * 1024 * 1024; part >= block; ) {
        const { bavail, bsize } = statfsSync(folder);
        const length = Math.min(part, bavail * bsize - leave);
        if (length < block) return;
        try {
          run('fallocate', ['-l', String(length), join(folder, `ballast-${ballast++}`)]);
        } catch {
          part /= 4;
        }
      }
    },
    empty: () => {
      for (; ballast > 0; ballast--) rmSync(join(folder, `ballast-${ballast - 1}`), { force: true });
    },
    protect: () => void run('mount', ['-o', 'remount,ro', folder]),
    unprotect: () => void run('mount', ['-o', 'remount,rw', folder]),
    takeOff: async () => {
      isThere = false;
      await eventually(unmounted, { what: `that nobody uses ${folder}` });
    },
    putOn: () => {
      mount();
      isThere = true;
    },
    remove: () => {
      if (isThere) run('umount', ['-l', folder]);
    },
  };
}
