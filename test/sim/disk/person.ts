import { constants } from 'node:fs';
import type { DiskStats } from '../../../src/local/disk.ts';
import { timeText } from '../../../src/local/time-text.ts';
import type { SimProcess } from './sim-process.ts';

const { O_CREAT, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;

export interface WriteOptions {
  /** The program syncs the file (and its folder, where it renames) before it says that it saved. */
  readonly isSynced?: boolean;
}

/** What a person does with other programs. Paths are absolute. Fails as programs do, with the system's `code`. */
export interface Person {
  /** Makes the file, or empties it first, as a shell's `>` does. */
  write(path: string, content: string | Uint8Array, options?: WriteOptions): void;
  /** Writes over the bytes at `position`; the file has to be there. */
  writeAt(path: string, content: string | Uint8Array, position: number): void;
  /** By a temporary file beside it and a rename, as most editors do. Keeps the mode. */
  replace(path: string, content: string | Uint8Array, options?: WriteOptions): void;
  append(path: string, content: string | Uint8Array): void;
  truncate(path: string, size: number): void;
  read(path: string): Uint8Array;
  readText(path: string): string;
  /** With all folders on the way. */
  makeFolder(path: string): void;
  rename(from: string, to: string): void;
  /** The two names change places. */
  swap(a: string, b: string): void;
  /** A file, or a folder with all in it. */
  remove(path: string): void;
  symlink(path: string, target: string): void;
  link(from: string, to: string): void;
  copy(from: string, to: string): void;
  setMode(path: string, mode: number): void;
  setExec(path: string, isExec: boolean): void;
  /** Any time, also an old one. */
  touch(path: string, mtimeUs: number): void;
  /** Permission bits. */
  modeOf(path: string): number;
  /** Of the thing itself, also of a symlink; null if nothing is there. */
  statOf(path: string): DiskStats | null;
  exists(path: string): boolean;
  list(path: string): string[];
  /** A file, or the names in a folder. */
  syncNode(path: string): void;
  /** All of it is on the medium, as after half a minute. */
  sync(): void;
}

const encoder = new TextEncoder();
const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? encoder.encode(content) : content;
const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

export function makePerson(disk: SimProcess, syncAll: () => void): Person {
  let temporary = 0;

  function statOf(path: string): DiskStats | null {
    try {
      return disk.lstatSync(path) ?? null;
    } catch {
      return null;
    }
  }

  function put(path: string, flags: number, content: Uint8Array, at: number | 'end', options?: WriteOptions): void {
    const handle = disk.openSync(path, flags, 0o666);
    try {
      const position = at === 'end' ? disk.fstatSync(handle).size : at;
      for (let done = 0; done < content.length; ) {
        done += disk.writeSync(handle, content, done, content.length - done, position + done);
      }
      if (options?.isSynced === true) disk.fsyncSync(handle);
    } finally {
      disk.closeSync(handle);
    }
  }

  function syncNode(path: string): void {
    const handle = disk.openSync(path, O_RDONLY);
    disk.fsyncSync(handle);
    disk.closeSync(handle);
  }

  function replace(path: string, content: string | Uint8Array, options?: WriteOptions): void {
    const before = disk.lstatSync(path);
    const beside = `${parentOf(path) === '/' ? '' : parentOf(path)}/.save-${temporary++}.swp`;
    put(beside, O_WRONLY | O_CREAT | O_TRUNC, bytesOf(content), 0);
    if (before?.isFile() === true && (before.mode & 0o777) !== (disk.statSync(beside).mode & 0o777)) {
      disk.chmodSync(beside, before.mode & 0o777);
    }
    // Once the mode is right, or a power cut takes that.
    if (options?.isSynced === true) syncNode(beside);
    try {
      disk.renameSync(beside, path);
    } catch (error) {
      disk.unlinkSync(beside);
      throw error;
    }
    if (options?.isSynced === true) syncNode(parentOf(path));
  }

  function makeFolder(path: string): void {
    if (path === '/' || disk.lstatSync(path)?.isDirectory() === true) return;
    makeFolder(parentOf(path));
    disk.mkdirSync(path, 0o777);
  }

  function remove(path: string): void {
    if (disk.lstatSync(path)?.isDirectory() === true) {
      for (const name of disk.readdirSync(path)) remove(`${path}/${name}`);
      disk.rmdirSync(path);
    } else disk.unlinkSync(path);
  }

  return {
    write: (path, content, options) => put(path, O_WRONLY | O_CREAT | O_TRUNC, bytesOf(content), 0, options),
    writeAt: (path, content, position) => put(path, O_RDWR, bytesOf(content), position),
    replace,
    append: (path, content) => put(path, O_WRONLY | O_CREAT, bytesOf(content), 'end'),
    truncate: (path, size) => {
      const handle = disk.openSync(path, O_RDWR);
      try {
        disk.ftruncateSync(handle, size);
      } finally {
        disk.closeSync(handle);
      }
    },
    read: (path) => disk.readBytesSync(path),
    readText: (path) => disk.readTextSync(path),
    makeFolder,
    rename: (from, to) => disk.renameSync(from, to),
    swap: (a, b) => {
      const beside = `${a}.swap-${temporary++}`;
      disk.renameSync(a, beside);
      disk.renameSync(b, a);
      disk.renameSync(beside, b);
    },
    remove,
    symlink: (path, target) => disk.symlinkSync(target, path),
    link: (from, to) => disk.linkSync(from, to),
    copy: (from, to) => disk.copyNewSync(from, to),
    setMode: (path, mode) => disk.chmodSync(path, mode),
    setExec: (path, isExec) => {
      const mode = disk.statSync(path).mode & 0o777;
      disk.chmodSync(path, isExec ? mode | 0o111 : mode & ~0o111);
    },
    touch: (path, mtimeUs) => disk.utimesSync(path, timeText(mtimeUs), timeText(mtimeUs)),
    modeOf: (path) => disk.statSync(path).mode & 0o7777,
    statOf,
    exists: (path) => disk.lstatSync(path) !== undefined,
    list: (path) => disk.readdirSync(path).sort(),
    syncNode,
    sync: syncAll,
  };
}
