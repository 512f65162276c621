import { execFile } from 'node:child_process';
import { mkdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { say } from './say.ts';

const run = promisify(execFile);

/** A place for one contestant, empty, and gone afterwards. */
export interface Volume {
  readonly root: string;
  readonly kind: 'disk' | 'fresh ext4' | 'tmpfs' | 'folder';
  close(): Promise<void>;
}

/** A folder on the disk itself, for large files. */
export async function diskFolder(base: string): Promise<Volume> {
  const root = join(base, 'disk');
  await mkdir(root);
  return { root, kind: 'disk', close: () => rm(root, { recursive: true }) };
}

/**
 * A new file system, for many small files: one that has just seen a mass delete creates files many times slower for
 * minutes, and would judge contestants by who came before them. An image on the disk, else memory, else a mere folder.
 */
export async function freshVolume(base: string, mib: number): Promise<Volume> {
  const root = join(base, 'volume');
  await mkdir(root);
  const unmount = async (): Promise<void> => {
    await run('umount', [root]);
    await rm(root, { recursive: true });
  };
  const image = join(base, 'volume.img');
  try {
    await writeFile(image, '');
    await truncate(image, mib * 1024 * 1024);
    await run('mkfs.ext4', ['-q', '-F', '-i', '8192', image], { env: withSbin });
    await run('mount', ['-o', 'loop,noinit_itable', image, root], { env: withSbin });
    await rm(join(root, 'lost+found'), { recursive: true });
    return {
      root,
      kind: 'fresh ext4',
      close: async () => {
        await unmount();
        await rm(image);
      },
    };
  } catch {
    await rm(image, { force: true });
  }
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'none', root], { env: withSbin });
    say('NO LOOP DEVICE: small files are measured in memory, where syncing to disk costs nothing.');
    return { root, kind: 'tmpfs', close: unmount };
  } catch {
    say('NO FRESH FILE SYSTEM CAN BE MOUNTED (that needs root): small files are measured in a folder of this disk.');
    say('Some disks are many times slower after a mass delete; such numbers say little.');
    return { root, kind: 'folder', close: () => rm(root, { recursive: true }) };
  }
}

/** Everything on the volume of `folder` is on its disk afterwards. */
export async function syncVolume(folder: string): Promise<void> {
  await run('sync', ['-f', folder]);
}

const withSbin = { ...process.env, PATH: `${process.env['PATH']}:/sbin:/usr/sbin` };
