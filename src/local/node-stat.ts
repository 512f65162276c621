import { errnoOf } from '../common/errno.ts';
import type { EntryKind, Stat } from '../model/stat.ts';
import type { BigDiskStats, Disk, DiskStats } from './disk.ts';

/** A stat as the system gave it, with what only this module needs. */
export interface NodeStat extends Stat {
  /** Permission bits, 0 to 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

const kindOf = (stats: DiskStats): EntryKind =>
  stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : stats.isSymbolicLink() ? 'symlink' : 'other';

const lowBits = (value: bigint): number => Number(BigInt.asUintN(53, value));

/**
 * A time in microseconds. Disks hold later ones than a number holds exactly (the year 2255, where a broken clock or an
 * archive says so): those are taken for the last one that it does, or the file, which no manifest could describe, would
 * hold up all others.
 */
const time = (us: number): number =>
  Math.min(Math.max(Math.round(us), Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);

/** As Node has it of the same time: rounded in any other way, a file that is open would not be the one at its path. */
function milliseconds(ns: bigint): number {
  const rest = ((ns % second) + second) % second;
  return Number((ns - rest) / second) * 1e3 + Number(rest) / 1e6;
}

const second = 1_000_000_000n;

/** What Windows says where a disk keeps no time of change (FAT): its zero, in milliseconds; of which Node may keep 32 bits of seconds. */
const noChangeTimes: ReadonlySet<number> = new Set([-11_644_473_600_000, 1_240_428_288_000]);

export const isChangeTimeKept = ({ ctimeMs }: Pick<DiskStats, 'ctimeMs'>): boolean => !noChangeTimes.has(ctimeMs);

/** Without one the content's is the best there is, as Linux does it. */
const changeTime = (stats: DiskStats): number => time((isChangeTimeKept(stats) ? stats.ctimeMs : stats.mtimeMs) * 1000);

/**
 * @param hasStableIds false where the system makes inode numbers up as it goes: they, and the device, read as 0 then.
 */
export function toStat(stats: DiskStats, hasStableIds: boolean): NodeStat {
  const kind = kindOf(stats);
  return {
    kind,
    size: kind === 'file' ? stats.size : 0,
    // A double of milliseconds is exact to a quarter of a microsecond until the year 2250.
    mtimeUs: time(stats.mtimeMs * 1000),
    ctimeUs: changeTime(stats),
    birthUs: time(stats.birthtimeMs * 1000),
    dev: hasStableIds ? stats.dev : 0,
    ino: hasStableIds ? stats.ino : 0,
    exec: (stats.mode & 0o100) !== 0,
    linkCount: stats.nlink,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
  };
}

/** The same in numbers as Node rounds them. Of a device and a file their low bits, which tell neighbours apart. */
const inNumbers = (stats: BigDiskStats): DiskStats => ({
  isFile: () => stats.isFile(),
  isDirectory: () => stats.isDirectory(),
  isSymbolicLink: () => stats.isSymbolicLink(),
  size: Number(stats.size),
  mtimeMs: milliseconds(stats.mtimeNs),
  ctimeMs: milliseconds(stats.ctimeNs),
  birthtimeMs: milliseconds(stats.birthtimeNs),
  dev: lowBits(stats.dev),
  ino: lowBits(stats.ino),
  nlink: Number(stats.nlink),
  mode: Number(stats.mode),
  uid: Number(stats.uid),
  gid: Number(stats.gid),
});

/** lstat; null if certainly nothing is there. Throws what the system throws. */
export function lookAt(disk: Disk, path: string, hasStableIds: boolean): NodeStat | null {
  let stats: DiskStats | undefined;
  try {
    stats = disk.lstatSync(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') return null;
    throw error;
  }
  if (stats === undefined) return null;
  if (stats.ino <= Number.MAX_SAFE_INTEGER && stats.dev <= Number.MAX_SAFE_INTEGER) return toStat(stats, hasStableIds);
  // File ids of NTFS and ReFS use all 64 bits; as doubles, neighbours would collide.
  const big = disk.bigLstatSync(path);
  return big === undefined ? null : toStat(inNumbers(big), hasStableIds);
}

/** The same content as far as a stat can tell, whatever happened to names and mode bits (which move the ctime). */
export const isSameContent = (a: Stat | null, b: Pick<Stat, 'kind' | 'size' | 'mtimeUs' | 'dev' | 'ino'>): boolean =>
  a !== null &&
  a.kind === b.kind &&
  a.ino === b.ino &&
  a.dev === b.dev &&
  (a.kind === 'folder' || (a.size === b.size && a.mtimeUs === b.mtimeUs));
