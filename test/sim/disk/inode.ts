import type { DiskStats } from '../../../src/local/disk.ts';

export const pageSize = 4096;

/** Where a name leads. */
export interface SimEntry {
  readonly name: string;
  readonly inode: Inode;
}

export interface InodeAttributes {
  mode: number;
  mtimeUs: number;
  ctimeUs: number;
}

/** A file's content as programs see it, and what of it is on the medium. */
export interface SimContent {
  /** May be longer than `size`. */
  bytes: Uint8Array;
  size: number;
  /** Someone else keeps `bytes` as they are: copy before writing. */
  isShared: boolean;
  /** What was last given to someone who keeps it. */
  frozen: Uint8Array;
  savedBytes: Uint8Array;
  savedSize: number;
  /** Pages that are not on the medium yet. */
  readonly dirty: Set<number>;
  /** Pages that a failed sync marked as written though they are not. */
  readonly lost: Set<number>;
  /** All sizes since the last sync, in order: any of them may be the medium's. */
  sizes: number[];
  /** When it was first changed since the last sync. */
  dirtySinceMs: number;
  firstDirtyUs: number;
  /** A write that failed behind the scenes: the next sync says so, once. */
  hasWriteError: boolean;
}

/** A file, folder, symlink or special file, whatever it is called. */
export interface Inode extends InodeAttributes {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  ino: number;
  birthUs: number;
  links: number;
  opens: number;
  /** What of it survives a power cut for certain. */
  saved: InodeAttributes;
  /** Of a file. */
  readonly content: SimContent | null;
  /** Of a folder, by the key of the name. */
  entries: Map<string, SimEntry>;
  /** Of a folder: its entries on the medium. */
  readonly medium: Map<string, SimEntry>;
  /** Of a folder: where it is; the top is in itself. Of a file: its latest place. Null once it is removed. */
  parent: Inode | null;
  name: string;
  /** Of a symlink. */
  readonly target: string;
  /** Of a file or folder that another program holds: nobody else may open, rename or remove it. */
  isLocked: boolean;
}

const none = new Uint8Array(0);

const newContent = (): SimContent => ({
  bytes: none,
  size: 0,
  isShared: true,
  frozen: none,
  savedBytes: none,
  savedSize: 0,
  dirty: new Set(),
  lost: new Set(),
  sizes: [],
  dirtySinceMs: 0,
  firstDirtyUs: 0,
  hasWriteError: false,
});

export function newInode(kind: Inode['kind'], ino: number, mode: number, timeUs: number, target = ''): Inode {
  const attributes = { mode, mtimeUs: timeUs, ctimeUs: timeUs };
  return {
    ...attributes,
    kind,
    ino,
    birthUs: timeUs,
    links: 0,
    opens: 0,
    saved: attributes,
    content: kind === 'file' ? newContent() : null,
    entries: new Map(),
    medium: new Map(),
    parent: null,
    name: '',
    target,
    isLocked: false,
  };
}

const yes = (): boolean => true;
const no = (): boolean => false;

export function statsOf(inode: Inode, dev: number): DiskStats {
  const { kind } = inode;
  return {
    isFile: kind === 'file' ? yes : no,
    isDirectory: kind === 'folder' ? yes : no,
    isSymbolicLink: kind === 'symlink' ? yes : no,
    size: inode.content?.size ?? (kind === 'symlink' ? inode.target.length : pageSize),
    mtimeMs: inode.mtimeUs / 1000,
    ctimeMs: inode.ctimeUs / 1000,
    birthtimeMs: inode.birthUs / 1000,
    dev,
    ino: inode.ino,
    nlink: kind === 'folder' ? 2 : inode.links,
    mode: inode.mode,
    uid: 0,
    gid: 0,
  };
}

/** The path of a folder; null if it was removed. */
export function pathOfFolder(folder: Inode): string | null {
  let path = '';
  for (let at = folder; at.parent !== at; ) {
    if (at.parent === null) return null;
    path = `/${at.name}${path}`;
    at = at.parent;
  }
  return path === '' ? '/' : path;
}
