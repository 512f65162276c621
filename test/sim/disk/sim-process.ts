import { constants } from 'node:fs';
import type { BigDiskStats, Disk, DiskStats } from '../../../src/local/disk.ts';
import { failFlush, flush, frozenBytes } from './content.ts';
import { errno } from './errno.ts';
import type { DiskCall, Faults } from './faults.ts';
import { type Inode, pageSize, pathOfFolder, statsOf } from './inode.ts';
import { makeResolver } from './resolve.ts';
import {
  addName,
  makeNode,
  release,
  removeName,
  renameEntry,
  type Spot,
  setMode,
  setTime,
  truncate,
  type Volume,
  write,
} from './volume.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;
const accessBits = O_RDONLY | O_WRONLY | O_RDWR;
const O_PATH = 0o10000000; // Linux; Node has no word for it
const umask = 0o022;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** One run of a program on a simulated disk: the Disk port, with handles of its own. */
export interface SimProcess extends Disk {
  symlinkSync(target: string, path: string): void;
  /** A whole file; it stays as it is. */
  readBytesSync(path: string): Uint8Array;
  /** Calls so far. */
  readonly calls: number;
  readonly isAlive: boolean;
  /** It is dead: its handles are closed, and every further call fails and does nothing. */
  end(): void;
  /** Ends it right after `count` more calls; `died` is told then, within that call. */
  endAfter(count: number, died: () => void): void;
}

interface Handle {
  readonly inode: Inode;
  readonly path: string;
  readonly canRead: boolean;
  readonly canWrite: boolean;
}

/** @param faults null for a person’s programs: they never fail, and pass locks. */
export function openProcess(volume: Volume, faults: Faults | null, onEnd: (process: SimProcess) => void): SimProcess {
  const handles = new Map<number, Handle>();
  let nextHandle = 3;
  let isAlive = true;
  let calls = 0;
  let left = Number.POSITIVE_INFINITY;
  let died = (): void => undefined;

  const may = (inode: Inode, bits: number): boolean => (inode.mode & bits) === bits;
  const { find, spot, spotToWrite } = makeResolver(
    volume,
    (handle) => handles.get(handle)?.inode ?? null,
    (folder) => may(folder, 0o100),
  );

  function handleOf(handle: number, call: string): Handle {
    const found = handles.get(handle);
    if (found === undefined) throw errno('EBADF', call);
    return found;
  }

  function call<T>(name: DiskCall, path: string, work: () => T): T {
    return counted(path, () => {
      faults?.check(name, path);
      return work();
    });
  }

  function counted<T>(path: string, work: () => T): T {
    if (!isAlive) throw errno('EIO', 'call of a dead process', path);
    try {
      return work();
    } finally {
      calls++;
      if (--left <= 0 && isAlive) {
        end();
        died();
      }
    }
  }

  function end(): void {
    if (!isAlive) return;
    isAlive = false;
    for (const { inode } of handles.values()) {
      inode.opens--;
      release(volume, inode);
    }
    handles.clear();
    onEnd(self);
  }

  function checkChange(folder: Inode, name: string, path: string): void {
    if (!may(folder, 0o300)) throw errno('EACCES', name, path);
    if (folder.parent === null) throw errno('ENOENT', name, path);
  }

  function checkLock(inode: Inode, name: string, path: string): void {
    if (inode.isLocked && faults !== null) throw errno('EBUSY', name, path);
  }

  function taken(place: Spot, name: string, path: string): NonNullable<Spot['entry']> {
    if (place.entry === null) throw errno('ENOENT', name, path);
    return place.entry;
  }

  function target(path: string, flags: number, mode: number): { readonly inode: Inode; readonly isNew: boolean } {
    const found = (inode: Inode) => ({ inode, isNew: false });
    if ((flags & O_CREAT) === 0) return found(find(path, (flags & O_NOFOLLOW) === 0, 'open'));
    const isFollowed = (flags & (O_EXCL | O_NOFOLLOW)) === 0;
    const place = isFollowed ? spotToWrite(path, 'open') : spot(path, 'open');
    if (place.entry === null) {
      checkChange(place.folder, 'open', path);
      return { inode: makeNode(volume, place, 'file', mode & ~umask & 0o7777, 'open'), isNew: true };
    }
    if ((flags & O_EXCL) !== 0) throw errno('EEXIST', 'open', path);
    return found(place.entry.inode);
  }

  function openSync(path: string, flags: number, mode = 0o666): number {
    const { inode, isNew } = target(path, flags, mode);
    const access = flags & accessBits;
    const isPathOnly = (flags & O_PATH) !== 0;
    if ((flags & O_DIRECTORY) !== 0 && inode.kind !== 'folder') throw errno('ENOTDIR', 'open', path);
    if (inode.kind === 'symlink' && !isPathOnly) throw errno('ELOOP', 'open', path);
    if (inode.kind === 'other') throw errno('ENXIO', 'open', path);
    if (inode.kind === 'folder' && access !== O_RDONLY) throw errno('EISDIR', 'open', path);
    const canRead = !isPathOnly && access !== O_WRONLY;
    const canWrite = !isPathOnly && access !== O_RDONLY;
    if (!isPathOnly && inode.kind === 'file') checkLock(inode, 'open', path);
    if (!isNew && !may(inode, (canRead ? 0o400 : 0) | (canWrite ? 0o200 : 0))) throw errno('EACCES', 'open', path);
    if (canWrite && (flags & O_TRUNC) !== 0 && !isNew) truncate(volume, inode, 0);
    inode.opens++;
    const handle = nextHandle++;
    handles.set(handle, { inode, path, canRead, canWrite });
    return handle;
  }

  function closeSync(handle: number): void {
    const { inode } = handleOf(handle, 'close');
    handles.delete(handle);
    inode.opens--;
    release(volume, inode);
  }

  function read(handle: number, buffer: Uint8Array, offset: number, length: number, position: number): number {
    const { inode, canRead } = handleOf(handle, 'read');
    if (!canRead) throw errno('EBADF', 'read');
    if (inode.content === null) throw errno('EISDIR', 'read');
    const { bytes, size } = inode.content;
    const count = Math.max(0, Math.min(length, size - position));
    if (count > 0) buffer.set(bytes.subarray(position, position + count), offset);
    return count;
  }

  function writeAt(handle: number, bytes: Uint8Array, offset: number, length: number, position: number): number {
    const { inode, canWrite } = handleOf(handle, 'write');
    if (!canWrite) throw errno('EBADF', 'write');
    return write(volume, inode, bytes.subarray(offset, offset + length), position);
  }

  function fsync(handle: number): void {
    const { inode, path } = handleOf(handle, 'fsync');
    const { content } = inode;
    try {
      faults?.check('fsync', path);
    } catch (error) {
      if (content !== null) failFlush(content, volume.dice);
      throw error;
    }
    flush(inode);
    if (inode.kind === 'folder') volume.journal.syncFolder(inode);
    else volume.dirty.delete(inode);
    if (content?.hasWriteError !== true) return;
    content.hasWriteError = false;
    throw errno('EIO', 'fsync', path);
  }

  function syncVolume(path: string): boolean {
    find(path, true, 'syncVolume');
    try {
      faults?.check('syncVolume', path);
    } catch {
      for (const { content } of volume.dirty) {
        if (content === null) continue;
        failFlush(content, volume.dice);
        content.hasWriteError = true;
      }
      return false;
    }
    volume.journal.syncAll();
    for (const inode of volume.dirty) flush(inode);
    const hasFailed = [...volume.dirty].some((inode) => inode.content?.hasWriteError === true);
    volume.dirty.clear();
    return !hasFailed;
  }

  function lstat(path: string): DiskStats | undefined {
    try {
      return statsOf(find(path, false, 'lstat'), volume.dev);
    } catch (error) {
      if ((error as { code?: string }).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  function bigLstat(path: string): BigDiskStats | undefined {
    const stats = lstat(path);
    if (stats === undefined) return undefined;
    const ns = (ms: number): bigint => BigInt(Math.round(ms * 1000)) * 1000n;
    return {
      isFile: stats.isFile,
      isDirectory: stats.isDirectory,
      isSymbolicLink: stats.isSymbolicLink,
      size: BigInt(stats.size),
      mtimeNs: ns(stats.mtimeMs),
      ctimeNs: ns(stats.ctimeMs),
      birthtimeNs: ns(stats.birthtimeMs),
      dev: BigInt(stats.dev),
      ino: BigInt(stats.ino),
      nlink: BigInt(stats.nlink),
      mode: BigInt(stats.mode),
      uid: BigInt(stats.uid),
      gid: BigInt(stats.gid),
    };
  }

  function readdir(path: string): string[] {
    const inode = find(path, true, 'scandir');
    if (inode.kind !== 'folder') throw errno('ENOTDIR', 'scandir', path);
    if (!may(inode, 0o400)) throw errno('EACCES', 'scandir', path);
    return Array.from(inode.entries.values(), (entry) => entry.name);
  }

  function readBytes(path: string): Uint8Array {
    const inode = find(path, true, 'open');
    if (inode.content === null) throw errno(inode.kind === 'folder' ? 'EISDIR' : 'ENXIO', 'read', path);
    if (!may(inode, 0o400)) throw errno('EACCES', 'open', path);
    checkLock(inode, 'open', path);
    return frozenBytes(inode.content);
  }

  const pathOf = (folder: Inode, otherwise: string): string => pathOfFolder(folder) ?? `${otherwise} (deleted)`;

  function readlink(path: string): string {
    const handle = /^\/proc\/self\/fd\/(\d+)$/.exec(path);
    if (handle !== null) {
      if (Number(handle[1]) < 3) return '/dev/null';
      const found = handleOf(Number(handle[1]), 'readlink');
      return found.inode.kind === 'folder' ? pathOf(found.inode, found.path) : found.path;
    }
    const inode = find(path, false, 'readlink');
    if (inode.kind !== 'symlink') throw errno('EINVAL', 'readlink', path);
    return inode.target;
  }

  function realpath(path: string): string {
    const inode = find(path, true, 'realpath');
    if (inode.kind === 'folder') return pathOf(inode, path);
    if (inode.parent === null) throw errno('ENOENT', 'realpath', path);
    const folder = pathOf(inode.parent, '');
    return `${folder === '/' ? '' : folder}/${inode.name}`;
  }

  function statfs(path: string): { type: number; bsize: number; blocks: number; bavail: number } {
    find(path, true, 'statfs');
    const { isLocal, hasStableIds, capacity } = volume.traits;
    const blocks = Math.floor(capacity / pageSize);
    const bavail = Math.max(0, blocks - volume.usedPages);
    const type = isLocal ? (hasStableIds ? 0xef53 : 0x4d44) : hasStableIds ? 0x6969 : 0x65735546;
    return { type, bsize: pageSize, blocks, bavail };
  }

  function mkdir(path: string, mode: number): void {
    const place = spot(path, 'mkdir');
    if (place.entry !== null) throw errno('EEXIST', 'mkdir', path);
    checkChange(place.folder, 'mkdir', path);
    makeNode(volume, place, 'folder', mode & ~umask & 0o7777, 'mkdir');
  }

  function rmdir(path: string): void {
    const place = spot(path, 'rmdir');
    const entry = taken(place, 'rmdir', path);
    if (entry.inode.kind !== 'folder') throw errno('ENOTDIR', 'rmdir', path);
    checkChange(place.folder, 'rmdir', path);
    if (entry.inode.entries.size > 0) throw errno('ENOTEMPTY', 'rmdir', path);
    checkLock(entry.inode, 'rmdir', path);
    removeName(volume, place.folder, entry);
  }

  function isBelow(inode: Inode, folder: Inode): boolean {
    for (let at = folder; ; at = at.parent) {
      if (at === inode) return true;
      if (at.parent === null || at.parent === at) return false;
    }
  }

  function rename(from: string, to: string): void {
    const source = spot(from, 'rename');
    const place = spot(to, 'rename');
    const entry = taken(source, 'rename', from);
    const { inode } = entry;
    const isFolder = inode.kind === 'folder';
    if (isFolder && isBelow(inode, place.folder)) throw errno('EINVAL', 'rename', from);
    const victim = place.entry?.inode ?? null;
    if (victim?.kind === 'folder' && isBelow(victim, source.folder)) throw errno('ENOTEMPTY', 'rename', to);
    if (victim === inode) {
      const isOneEntry = source.folder === place.folder && place.entry?.name === entry.name;
      // Two hard links: nothing happens, unless it may not be opened for that. One entry: another spelling of its name.
      if (!isOneEntry || place.name === entry.name) {
        checkLock(inode, 'rename', from);
        return;
      }
    }
    checkChange(source.folder, 'rename', from);
    checkChange(place.folder, 'rename', to);
    if (isFolder && source.folder !== place.folder && !may(inode, 0o200)) throw errno('EACCES', 'rename', from);
    checkLock(inode, 'rename', from);
    if (victim !== null && victim !== inode) {
      if (isFolder && victim.kind !== 'folder') throw errno('ENOTDIR', 'rename', from);
      if (!isFolder && victim.kind === 'folder') throw errno('EISDIR', 'rename', from);
      if (victim.entries.size > 0) throw errno('ENOTEMPTY', 'rename', from);
      checkLock(victim, 'rename', to);
    }
    renameEntry(volume, { folder: source.folder, entry }, place);
  }

  function link(from: string, to: string): void {
    const inode = find(from, false, 'link');
    const place = spot(to, 'link');
    if (place.entry !== null) throw errno('EEXIST', 'link', from);
    if (inode.kind === 'folder' || !volume.traits.hasHardLinks) throw errno('EPERM', 'link', from);
    checkChange(place.folder, 'link', to);
    addName(volume, inode, place);
  }

  function unlink(path: string): void {
    const place = spot(path, 'unlink');
    const entry = taken(place, 'unlink', path);
    if (entry.inode.kind === 'folder') throw errno('EISDIR', 'unlink', path);
    checkChange(place.folder, 'unlink', path);
    checkLock(entry.inode, 'unlink', path);
    removeName(volume, place.folder, entry);
  }

  function copyNew(from: string, to: string): void {
    const source = find(from, true, 'copyfile');
    if (!may(source, 0o400)) throw errno('EACCES', 'copyfile', from);
    checkLock(source, 'copyfile', from);
    const place = spot(to, 'copyfile');
    if (place.entry !== null) throw errno('EEXIST', 'copyfile', to);
    checkChange(place.folder, 'copyfile', to);
    if (source.content === null) throw errno('EISDIR', 'copyfile', from);
    const bytes = frozenBytes(source.content);
    const copy = makeNode(volume, place, 'file', source.mode & 0o777, 'copyfile');
    try {
      let done = 0;
      while (done < bytes.length) done += write(volume, copy, bytes.subarray(done), done);
    } catch (error) {
      unlink(to);
      throw error;
    }
  }

  function symlink(to: string, path: string): void {
    const place = spot(path, 'symlink');
    if (place.entry !== null) throw errno('EEXIST', 'symlink', path);
    checkChange(place.folder, 'symlink', path);
    makeNode(volume, place, 'symlink', 0o777, 'symlink', to);
  }

  function access(path: string, mode: number): void {
    if (!may(find(path, true, 'access'), mode << 6)) throw errno('EACCES', 'access', path);
  }

  const us = (text: string): number => Math.round(Number(text) * 1e6);
  const pathOfHandle = (handle: number): string => handles.get(handle)?.path ?? '';

  const self: SimProcess = {
    handles: '/proc/self/fd',
    openSync: (path, flags, mode) => call('open', path, () => openSync(path, flags, mode)),
    closeSync: (handle) => {
      if (isAlive) call('close', pathOfHandle(handle), () => closeSync(handle));
    },
    read: async (handle, buffer, offset, length, position) =>
      call('read', pathOfHandle(handle), () => read(handle, buffer, offset, length, position)),
    readSync: (handle, buffer, offset, length, position) =>
      call('read', pathOfHandle(handle), () => read(handle, buffer, offset, length, position)),
    writeSync: (handle, bytes, offset, length, position) =>
      call('write', pathOfHandle(handle), () => writeAt(handle, bytes, offset, length, position)),
    write: async (handle, bytes, offset, length, position) =>
      call('write', pathOfHandle(handle), () => writeAt(handle, bytes, offset, length, position)),
    fstatSync: (handle) =>
      call('fstat', pathOfHandle(handle), () => statsOf(handleOf(handle, 'fstat').inode, volume.dev)),
    ftruncateSync: (handle, size) =>
      call('ftruncate', pathOfHandle(handle), () => {
        const { inode, canRead, canWrite } = handleOf(handle, 'ftruncate');
        if (!canWrite) throw errno(canRead ? 'EINVAL' : 'EBADF', 'ftruncate');
        truncate(volume, inode, size);
      }),
    futimesSync: (handle, _atime, mtime) =>
      call('futimes', pathOfHandle(handle), () => setTime(volume, handleOf(handle, 'futimes').inode, us(mtime))),
    fchmodSync: (handle, mode) =>
      call('chmod', pathOfHandle(handle), () => setMode(volume, handleOf(handle, 'fchmod').inode, mode)),
    // All belongs to one person, who can give nothing away.
    fchownSync: (handle) =>
      call('chmod', pathOfHandle(handle), () => {
        throw errno('EPERM', 'fchown');
      }),
    // Syncs look for their faults themselves: one that fails still does something.
    fsyncSync: (handle) => counted(pathOfHandle(handle), () => fsync(handle)),
    fsync: async (handle) => counted(pathOfHandle(handle), () => fsync(handle)),

    lstatSync: (path) => call('lstat', path, () => lstat(path)),
    bigLstatSync: (path) => call('lstat', path, () => bigLstat(path)),
    statSync: (path) => call('stat', path, () => statsOf(find(path, true, 'stat'), volume.dev)),
    accessSync: (path, mode) => call('access', path, () => access(path, mode)),
    readdirSync: (path) => call('readdir', path, () => readdir(path)),
    tryReaddirSync: (path) => void call('readdir', path, () => readdir(path)),
    readdirBytesSync: (path) => call('readdir', path, () => readdir(path).map((name) => Buffer.from(name))),
    readTextSync: (path) => call('readText', path, () => decoder.decode(readBytes(path))),
    readBytesSync: (path) => call('readText', path, () => readBytes(path)),
    readlinkSync: (path) => call('readlink', path, () => readlink(path)),
    realpathSync: (path) => call('realpath', path, () => realpath(path)),
    statfsSync: (path) => call('statfs', path, () => statfs(path)),
    mountTableSync: () => '',

    mkdirSync: (path, mode) => call('mkdir', path, () => mkdir(path, mode)),
    rmdirSync: (path) => call('rmdir', path, () => rmdir(path)),
    renameSync: (from, to) => call('rename', from, () => rename(from, to)),
    linkSync: (from, to) => call('link', from, () => link(from, to)),
    unlinkSync: (path) => call('unlink', path, () => unlink(path)),
    chmodSync: (path, mode) => call('chmod', path, () => setMode(volume, find(path, true, 'chmod'), mode)),
    utimesSync: (path, _atime, mtime) =>
      call('utimes', path, () => setTime(volume, find(path, true, 'utimes'), us(mtime))),
    copyNewSync: (from, to) => call('copy', from, () => copyNew(from, to)),
    syncVolume: async (path) => counted(path, () => syncVolume(path)),
    symlinkSync: (to, path) => call('symlink', path, () => symlink(to, path)),

    get calls() {
      return calls;
    },
    get isAlive() {
      return isAlive;
    },
    end,
    endAfter: (count, onDeath) => {
      left = count;
      died = onDeath;
    },
  };

  return self;
}
