import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, statfsSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../helpers/temp.ts';

export const run = (program: string, words: readonly string[]): string =>
  execFileSync(program, [...words], {
    stdio: 'pipe',
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env['PATH']}:/sbin:/usr/sbin` },
  });

/** A file system of its own, mounted. */
export interface Volume {
  readonly folder: string;
  unmount(): void;
}

export interface MemoryVolume extends Volume {
  resize(mib: number): void;
  setReadOnly(isReadOnly: boolean): void;
  /** From now on nothing new can be made on it. */
  exhaust(): void;
}

/** Volumes that are still mounted; a test that fails must not leave them. */
const mounted = new Set<Volume>();

export function unmountAll(): void {
  for (const volume of [...mounted]) volume.unmount();
}

export function skipped(why: string, error: unknown): null {
  const reason = error instanceof Error ? error.message.split('\n').at(-1) || error.message : String(error);
  process.stderr.write(`SKIPPED: ${why}: ${reason}\n`);
  return null;
}

function keep<T extends Volume>(volume: Omit<T, 'unmount'>): T {
  const whole = {
    ...volume,
    unmount: () => {
      if (mounted.delete(whole)) run('umount', ['-l', volume.folder]);
    },
  } as T;
  mounted.add(whole);
  return whole;
}

/** A disk in memory of that size; null, with a loud word, where none can be mounted. */
export async function memoryVolume(mib: number): Promise<MemoryVolume | null> {
  const folder = await tempFolder('volume');
  try {
    run('mount', ['-t', 'tmpfs', '-o', `size=${mib}m,mode=700`, 'none', folder]);
  } catch (error) {
    return skipped('no disk in memory can be mounted, so real full disks are not tested', error);
  }
  return keep<MemoryVolume>({
    folder,
    resize: (size) => void run('mount', ['-o', `remount,size=${size}m`, folder]),
    setReadOnly: (isReadOnly) => void run('mount', ['-o', `remount,${isReadOnly ? 'ro' : 'rw'}`, folder]),
    exhaust: () => {
      const { files, ffree } = statfsSync(folder);
      run('mount', ['-o', `remount,nr_inodes=${files - ffree}`, folder]);
    },
  });
}

/** An ext4 file system in a file. */
export interface ImageVolume extends Volume {
  /**
   * What a power cut would leave of it: a copy of the medium as it is, without what the kernel only holds in memory, and
   * mounted elsewhere, which replays the journal. Whatever writes to the volume has to be stopped meanwhile.
   */
  cutPower(): Promise<Volume>;
  /** The same, and the computer is started again: what is left is where the volume was. Nothing may have files open. */
  restart(): Promise<void>;
}

/** What the kernel may put off it puts off. */
const lazily = 'commit=600,noauto_da_alloc,delalloc';

/**
 * `options`: of mkfs. Nothing is written back on its own for minutes, so that only what was synced survives. Null, with a
 * loud word, where it cannot be made or mounted.
 */
export async function imageVolume(mib: number, options: readonly string[] = []): Promise<ImageVolume | null> {
  const base = await tempFolder('image');
  const image = join(base, 'disk.img');
  const folder = join(base, 'mounted');
  mkdirSync(folder);
  try {
    writeFileSync(image, '');
    truncateSync(image, mib * 1024 * 1024);
    run('mkfs.ext4', ['-q', '-F', ...options, image]);
    run('mount', ['-o', `loop,${lazily}`, image, folder]);
  } catch (error) {
    return skipped('no ext4 image can be mounted by loop, so power cuts are not tested', error);
  }
  let cuts = 0;
  let medium = image;
  const copyOfMedium = (): string => {
    const copy = join(base, `after-${++cuts}.img`);
    copyAtOnce(medium, copy);
    return copy;
  };
  return keep<ImageVolume>({
    folder,
    cutPower: async () => {
      const at = join(base, `after-${cuts}`);
      mkdirSync(at);
      run('mount', ['-o', 'loop', copyOfMedium(), at]);
      return keep<Volume>({ folder: at });
    },
    restart: async () => {
      medium = copyOfMedium();
      run('umount', [folder]);
      run('mount', ['-o', `loop,${lazily}`, medium, folder]);
    },
  });
}

/** The copy is of one moment if the medium is the same before and after; the kernel may still be writing back. */
function copyAtOnce(from: string, to: string): void {
  for (let tries = 0; tries < 20; tries++) {
    copyFileSync(from, to);
    if (readFileSync(from).equals(readFileSync(to))) return;
  }
  throw new Error('the image does not keep still');
}
