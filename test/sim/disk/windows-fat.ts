import { posix } from 'node:path';
import type { Disk, DiskStats } from '../../../src/local/disk.ts';
import { errno } from './errno.ts';

/** Windows' zero, of which Node keeps 32 bits of seconds. */
const noTime = 1_240_428_288_000;

/**
 * A disk as Windows shows it where it is FAT or exFAT. The number of a file or folder is the place of its entry on the disk: it
 * is another one in another folder, while what is in a folder that moves keeps its own. There is no time of change, there are no
 * hard links, and nothing says which file system it is.
 */
export function asWindowsFat(disk: Disk): Disk {
  const numbers = new Map<string, number>();
  const opened = new Map<number, string>();

  const numberAt = (path: string): number => {
    const { dir, base } = posix.parse(posix.normalize(path).replace(/(?<=.)\/$/, ''));
    const place = `${disk.statSync(dir).ino}/${base.toUpperCase()}`;
    const number = numbers.get(place) ?? 64 * (numbers.size + 1);
    numbers.set(place, number);
    return number;
  };
  const shown = <S extends DiskStats | undefined>(stats: S, path: string): S =>
    stats && Object.assign(stats, { ino: numberAt(path), ctimeMs: noTime });

  return {
    ...disk,
    openSync: (path, flags, mode) => {
      const handle = disk.openSync(path, flags, mode);
      opened.set(handle, path);
      return handle;
    },
    lstatSync: (path) => shown(disk.lstatSync(path), path),
    statSync: (path) => shown(disk.statSync(path), path),
    fstatSync: (handle) => shown(disk.fstatSync(handle), opened.get(handle) ?? ''),
    statfsSync: (path) => ({ ...disk.statfsSync(path), type: 0 }),
    linkSync: (from) => {
      throw errno('EISDIR', 'link', from);
    },
  };
}
