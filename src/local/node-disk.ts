import * as fs from 'node:fs';
import { promisify } from 'node:util';
import type { Disk } from './disk.ts';
import { readFlags } from './open-flags.ts';
import { volumeSync } from './sync-volume.ts';

const fsync = promisify(fs.fsync);
const readAt = promisify(fs.read);
const writeAt = promisify(fs.write);

const silent = { throwIfNoEntry: false } as const;
const silentBig = { throwIfNoEntry: false, bigint: true } as const;

/** Each look by way of `self`, which is a link, takes a quarter longer. */
function handlesOfThis(): string {
  try {
    return `/proc/${fs.readlinkSync('/proc/self')}/fd`;
  } catch {
    return '/proc/self/fd';
  }
}

/** Volumes that Windows' mount manager does not know (RAM disks, some encrypted ones) have no path by which it names them. */
function realpathSync(path: string): string {
  try {
    return fs.realpathSync.native(path);
  } catch {
    return fs.realpathSync(path);
  }
}

function mountTableSync(): string {
  if (process.platform !== 'linux') return '';
  try {
    return fs.readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}

const longestText = 64 * 1024 * 1024;

function readTextSync(path: string): string {
  const handle = fs.openSync(path, readFlags);
  try {
    const stats = fs.fstatSync(handle);
    if (!stats.isFile() && !stats.isDirectory()) throw Object.assign(new Error('no file'), { code: 'ENXIO' });
    if (stats.size > longestText) throw Object.assign(new Error('too large'), { code: 'EFBIG' });
    return fs.readFileSync(handle, 'utf8');
  } finally {
    fs.closeSync(handle);
  }
}

/** The real disk. */
export const nodeDisk: Disk = {
  handles: handlesOfThis(),
  openSync: fs.openSync,
  closeSync: fs.closeSync,
  read: async (handle, buffer, offset, length, position) =>
    (await readAt(handle, buffer, offset, length, position)).bytesRead,
  readSync: fs.readSync,
  writeSync: fs.writeSync,
  write: async (handle, bytes, offset, length, position) =>
    (await writeAt(handle, bytes, offset, length, position)).bytesWritten,
  fstatSync: fs.fstatSync,
  ftruncateSync: fs.ftruncateSync,
  futimesSync: fs.futimesSync,
  fchmodSync: fs.fchmodSync,
  fchownSync: fs.fchownSync,
  fsyncSync: fs.fsyncSync,
  fsync,

  lstatSync: (path) => fs.lstatSync(path, silent),
  bigLstatSync: (path) => fs.lstatSync(path, silentBig),
  statSync: fs.statSync,
  accessSync: fs.accessSync,
  readdirSync: (path) => fs.readdirSync(path),
  tryReaddirSync: (path) => {
    const folder = fs.opendirSync(path, { bufferSize: 1 });
    try {
      folder.readSync();
    } finally {
      folder.closeSync();
    }
  },
  readdirBytesSync: (path) => fs.readdirSync(path, { encoding: 'buffer' }),
  readTextSync,
  readlinkSync: (path) => fs.readlinkSync(path),
  realpathSync,
  statfsSync: (path) => fs.statfsSync(path),
  mountTableSync,

  mkdirSync: (path, mode) => void fs.mkdirSync(path, mode),
  rmdirSync: (path) => fs.rmdirSync(path),
  renameSync: fs.renameSync,
  linkSync: fs.linkSync,
  unlinkSync: fs.unlinkSync,
  chmodSync: fs.chmodSync,
  utimesSync: fs.utimesSync,
  copyNewSync: (from, to) => fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL | fs.constants.COPYFILE_FICLONE),
  syncVolume: volumeSync(),
};
