import type { Stats } from 'node:fs';

/** Of a stat, what the disk layer looks at. Times in milliseconds, exact to a quarter of a microsecond. */
export type DiskStats = Pick<
  Stats,
  | 'isFile'
  | 'isDirectory'
  | 'isSymbolicLink'
  | 'size'
  | 'mtimeMs'
  | 'ctimeMs'
  | 'birthtimeMs'
  | 'dev'
  | 'ino'
  | 'nlink'
  | 'mode'
  | 'uid'
  | 'gid'
>;

/** The same for volumes whose file ids use all 64 bits. */
export interface BigDiskStats extends Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'> {
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly birthtimeNs: bigint;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly nlink: bigint;
  readonly mode: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
}

export interface DiskSpace {
  /** Which file system it is: see volume-kind.ts. */
  readonly type: number;
  /** Bytes in a block. */
  readonly bsize: number;
  /** All blocks; 0 where the file system does not count them. */
  readonly blocks: number;
  /** Blocks that a person's program may still write. */
  readonly bavail: number;
}

/**
 * The system's calls that the file system needs, as a port: named and shaped as in `node:fs`, and failing like it, with
 * an error whose `code` is the system's word (`ENOENT`…). On Linux `<handles>/<handle>` is a path of an open folder.
 * What ends in `Sync` is done when it returns; the rest is done when its promise resolves.
 */
export interface Disk {
  /** `/proc/self/fd`, or what leads there with fewer steps. */
  readonly handles: string;
  openSync(path: string, flags: number, mode?: number): number;
  closeSync(handle: number): void;
  /** The number of bytes; 0 only at the end. */
  read(handle: number, buffer: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  readSync(handle: number, buffer: Uint8Array, offset: number, length: number, position: number): number;
  writeSync(handle: number, bytes: Uint8Array, offset: number, length: number, position: number): number;
  write(handle: number, bytes: Uint8Array, offset: number, length: number, position: number): Promise<number>;
  fstatSync(handle: number): DiskStats;
  ftruncateSync(handle: number, size: number): void;
  /** Times as `timeText` writes them. */
  futimesSync(handle: number, atime: string, mtime: string): void;
  fchmodSync(handle: number, mode: number): void;
  fchownSync(handle: number, uid: number, gid: number): void;
  fsyncSync(handle: number): void;
  fsync(handle: number): Promise<void>;

  /** Undefined: `ENOENT`. */
  lstatSync(path: string): DiskStats | undefined;
  bigLstatSync(path: string): BigDiskStats | undefined;
  statSync(path: string): DiskStats;
  /** Throws unless `mode` (`R_OK | X_OK`…) is allowed. */
  accessSync(path: string, mode: number): void;
  readdirSync(path: string): string[];
  /** Throws unless the folder can be read. Reads only the beginning of it. */
  tryReaddirSync(path: string): void;
  /** Names as bytes, which need not be UTF-8. */
  readdirBytesSync(path: string): Uint8Array[];
  /** A small file at once. No link is followed; a pipe or device, which may never end, is `ENXIO`. */
  readTextSync(path: string): string;
  readlinkSync(path: string): string;
  realpathSync(path: string): string;
  statfsSync(path: string): DiskSpace;
  /** What is mounted where, as Linux writes it into `mountinfo`; empty on other systems. */
  mountTableSync(): string;

  mkdirSync(path: string, mode: number): void;
  rmdirSync(path: string): void;
  renameSync(from: string, to: string): void;
  linkSync(from: string, to: string): void;
  unlinkSync(path: string): void;
  chmodSync(path: string, mode: number): void;
  utimesSync(path: string, atime: string, mtime: string): void;
  /** `EEXIST` if `to` is taken; shares blocks where the volume can. */
  copyNewSync(from: string, to: string): void;
  /** All that was written to the volume of `path` is on the medium; false if this system cannot be asked for that. */
  syncVolume(path: string): Promise<boolean>;
}
