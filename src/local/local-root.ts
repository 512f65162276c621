import { constants } from 'node:fs';
import { join, parse, sep } from 'node:path';
import { diskError } from '../common/disk-error.ts';
import { isAbsence } from '../common/errno.ts';
import type { Random } from '../common/ids.ts';
import { lastName, parentPath, parsePath, pathNames, type RelativePath } from '../common/relative-path.ts';
import { closeRead } from './close-read.ts';
import type { Disk, DiskStats } from './disk.ts';
import { mapErrno } from './map-errno.ts';
import { mountsBelow } from './mounts-below.ts';
import { nodeDisk } from './node-disk.ts';
import { isChangeTimeKept } from './node-stat.ts';
import { hasStableIds } from './volume-kind.ts';
import { isWindowsName } from './windows-name.ts';

/** A folder below the root that stays the same folder while names in it are used, whatever is swapped around it. */
export interface Anchor {
  /** A path of the folder for the system, good until `close`. */
  readonly folder: string;
  /** A path of one entry, good until `close`. The entry itself is not checked: never follow it. */
  at(name: string): string;
  /** The folder is still where it was when it was opened. */
  isInPlace(): boolean;
  close(): void;
}

/**
 * The root of a pair and the only way to paths below it. Never follows a link below the root; refuses folders of other
 * volumes and whatever is mounted; fails with `root-gone` when the root is no longer the folder that it was bound to.
 */
export interface LocalRoot {
  readonly location: string;
  readonly disk: Disk;
  /** For names that nothing has. */
  readonly random: Random;
  /** Takes the folder that is now at the location for the root, with what is mounted in it now. */
  bind(): void;
  /** Inode numbers mean something on this volume. */
  readonly hasStableIds: boolean;
  /** The number of its volume, as a look at what is in it gives it. */
  readonly dev: number;
  /** So many entries of a folder may be worked on under one anchor: by `path` each look is good for one only. */
  readonly entriesAtOnce: number;
  openFolder(names: readonly string[]): Anchor;
  /** Does something in a folder, without giving way. */
  inFolder<T>(names: readonly string[], work: (anchor: Anchor) => T): T;
}

/**
 * `handle` (Linux): the folder is opened as a handle and its entries are reached through it, so that a swap of any
 * parent cannot lead elsewhere. `path`: each parent is looked at right before use; a swap within those microseconds
 * could be followed.
 */
export type Anchoring = 'handle' | 'path';

const openForPath = 0o10000000 | constants.O_DIRECTORY | constants.O_NOFOLLOW; // O_PATH: no read permission needed

/** PATH_MAX of Linux without the closing zero. */
const maxPathBytes = 4095;

/**
 * The name, if the whole path of the entry is one that other programs can use. Through a handle longer ones could be
 * made, which nothing could open by their path any more.
 */
function whole(folder: string, name: string): string {
  const length = folder.length + 1 + name.length;
  if (length * 3 > maxPathBytes && Buffer.byteLength(folder) + 1 + Buffer.byteLength(name) > maxPathBytes) {
    throw diskError('too-long');
  }
  return name;
}

export function canAnchorByHandle(disk: Disk = nodeDisk): boolean {
  if (process.platform !== 'linux') return false;
  try {
    disk.readlinkSync(`${disk.handles}/0`);
    return true;
  } catch {
    return false;
  }
}

interface Bound {
  readonly real: string;
  readonly dev: number;
  readonly ino: number;
  /** Null where the number tells: see {@link isNumberedByPlace}. */
  readonly birthMs: number | null;
  readonly hasStableIds: boolean;
}

/**
 * FAT or exFAT as Windows shows them, which does not name file systems: they keep no time of change, and numbers of files are places
 * of their entries: a file has another one in another folder, and what takes its place has its. Their top, which has no entry, has none.
 */
function isNumberedByPlace(disk: Disk, real: string, root: DiskStats): boolean {
  if (!isChangeTimeKept(root)) return true;
  try {
    return sep === '\\' && disk.lstatSync(parse(real).root)?.ino === 0;
  } catch {
    return false;
  }
}

function bindTo(disk: Disk, location: string): Bound {
  const real = disk.realpathSync(location);
  const stats = disk.lstatSync(real);
  if (!stats?.isDirectory()) throw diskError('root-gone');
  const { dev, ino, birthtimeMs } = stats;
  const isByPlace = isNumberedByPlace(disk, real, stats);
  const isStable = hasStableIds(disk.statfsSync(real).type) && !isByPlace;
  return { real, dev, ino, birthMs: isByPlace ? birthtimeMs : null, hasStableIds: isStable };
}

const isStillRoot = ({ dev, ino, birthMs }: Bound, now: DiskStats | undefined): boolean =>
  now?.isDirectory() === true &&
  now.dev === dev &&
  now.ino === ino &&
  (birthMs === null || now.birthtimeMs === birthMs);

export function openLocalRoot(location: string, anchoring: Anchoring, disk: Disk, random: Random): LocalRoot {
  let bound: Bound | null = null;
  /** A part of the root's own volume that is mounted below it (`mount --bind`) bears the number of that volume. */
  let mounts: readonly string[] = [];

  function bind(): Bound {
    try {
      return bindTo(disk, location);
    } catch (error) {
      throw isAbsence(error) ? diskError('root-gone') : mapErrno(error);
    }
  }

  function checkedRoot(): Bound {
    bound ??= bind();
    try {
      if (isStillRoot(bound, disk.lstatSync(bound.real))) return bound;
    } catch (error) {
      if (!isAbsence(error)) throw mapErrno(error);
    }
    throw diskError('root-gone');
  }

  /** Each folder on the way is a folder, and none a link; else the reason is thrown. Returns the last one's inode. */
  function checkWay(root: Bound, names: readonly string[]): number {
    let path = root.real;
    let { ino } = root;
    for (const name of names) {
      path = join(path, name);
      const stats = disk.lstatSync(path);
      if (stats === undefined) throw diskError('vanished');
      if (stats.isSymbolicLink()) throw diskError('symlink');
      if (!stats.isDirectory()) throw diskError('wrong-kind');
      if (stats.dev !== root.dev) throw diskError('other-volume');
      ino = stats.ino;
    }
    return ino;
  }

  function openByPath(root: Bound, names: readonly string[]): Anchor {
    const ino = checkWay(root, names);
    const folder = join(root.real, ...names);
    return {
      folder,
      at: (name) => join(folder, name),
      isInPlace: () => {
        try {
          return checkWay(checkedRoot(), names) === ino;
        } catch {
          return false;
        }
      },
      close: () => undefined,
    };
  }

  function openByHandle(root: Bound, names: readonly string[]): Anchor {
    const path = names.length === 0 ? root.real : `${root.real === '/' ? '' : root.real}/${names.join('/')}`;
    let handle: number;
    try {
      handle = disk.openSync(path, openForPath);
    } catch (error) {
      // The system's answer to a link and to a file is the same: find out which it was.
      checkWay(root, names);
      throw error;
    }
    const folder = `${disk.handles}/${handle}`;
    let isOpen = true;
    const close = (): void => {
      if (isOpen) closeRead(disk, handle);
      isOpen = false;
    };
    try {
      const stats = disk.fstatSync(handle);
      if (stats.dev !== root.dev) throw diskError('other-volume');
      // The kernel knows the path without links. Another spelling (folded case) is fine if the way is.
      if (disk.readlinkSync(folder) !== path && checkWay(root, names) !== stats.ino) throw diskError('symlink');
      const isInPlace = (): boolean => disk.readlinkSync(folder) === path || checkWay(root, names) === stats.ino;
      return { folder, at: (name) => `${folder}/${whole(path, name)}`, isInPlace: () => isTrue(isInPlace), close };
    } catch (error) {
      close();
      throw error;
    }
  }

  function refuseMounted(root: Bound, names: readonly string[]): void {
    const path = join(root.real, ...names);
    if (mounts.some((place) => path === place || path.startsWith(`${place}/`))) throw diskError('other-volume');
  }

  function openFolder(names: readonly string[]): Anchor {
    const root = checkedRoot();
    try {
      if (mounts.length > 0) refuseMounted(root, names);
      return anchoring === 'handle' ? openByHandle(root, names) : openByPath(root, names);
    } catch (error) {
      throw mapErrno(error);
    }
  }

  return {
    location,
    disk,
    random,
    bind: () => {
      bound = bind();
      mounts = mountsBelow(disk.mountTableSync(), bound.real);
    },
    get hasStableIds() {
      return (bound ?? checkedRoot()).hasStableIds;
    },
    get dev() {
      const { dev, hasStableIds } = bound ?? checkedRoot();
      return hasStableIds ? dev : 0;
    },
    entriesAtOnce: anchoring === 'handle' ? 64 : 1,
    openFolder,
    inFolder: (names, work) => {
      const anchor = openFolder(names);
      try {
        return work(anchor);
      } catch (error) {
        throw mapErrno(error);
      } finally {
        anchor.close();
      }
    },
  };
}

function isTrue(ask: () => boolean): boolean {
  try {
    return ask();
  } catch {
    return false;
  }
}

/** The names of a path, checked once more: types do not bind what came by a cast. `bad-name` if one is none here. */
export function checkedNames(path: RelativePath): readonly string[] {
  if (parsePath(path) === null) throw diskError('bad-name');
  const names = pathNames(path);
  if (sep === '\\' && !names.every(isWindowsName)) throw diskError('bad-name');
  return names;
}

/** The folder of an entry and its name there. The root is no entry: `wrong-kind`. */
export function entryOf(path: RelativePath): { readonly folder: readonly string[]; readonly name: string } {
  if (checkedNames(path).length === 0) throw diskError('wrong-kind');
  return { folder: pathNames(parentPath(path)), name: lastName(path) };
}
