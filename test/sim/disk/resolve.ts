import { errno } from './errno.ts';
import type { Inode } from './inode.ts';
import { entryIn, type Spot, type Volume } from './volume.ts';

const maxPathBytes = 4095;
const maxLinks = 40;
const ofHandle = /^\/proc\/self\/fd\/(\d+)(?=\/|$)/;

/** How the path of an open handle leads on; null if there is no such handle. */
export type FolderOfHandle = (handle: number) => Inode | null;

export interface Resolver {
  /** What the path leads to. Throws as the system does. */
  find(path: string, isFollowed: boolean, call: string): Inode;
  /** The place that the last name has, or would have. */
  spot(path: string, call: string): Spot;
  /** The same, but a symlink there is followed, also to where nothing is yet. */
  spotToWrite(path: string, call: string): Spot;
}

/** @param mayEnter asked for each folder on the way. */
export function makeResolver(volume: Volume, folderOf: FolderOfHandle, mayEnter: (folder: Inode) => boolean): Resolver {
  function step(folder: Inode, name: string, call: string, path: string): Inode {
    if (folder.kind !== 'folder') throw errno('ENOTDIR', call, path);
    if (!mayEnter(folder)) throw errno('EACCES', call, path);
    if (name === '.') return folder;
    if (name === '..') return folder.parent ?? folder;
    if (name.length > 255) checkLength(name, call, path);
    const entry = entryIn(volume, folder, name);
    if (entry === null) throw errno('ENOENT', call, path);
    return entry.inode;
  }

  function checkLength(name: string, call: string, path: string): void {
    const { unit } = volume.traits.maxLength;
    if ((unit === 'utf8' ? Buffer.byteLength(name) : name.length) > 255) throw errno('ENAMETOOLONG', call, path);
  }

  function walk(
    from: Inode,
    names: readonly string[],
    isFollowed: boolean,
    call: string,
    path: string,
    depth: number,
  ): Inode {
    let at = from;
    for (const [i, name] of names.entries()) {
      const next = step(at, name, call, path);
      if (next.kind === 'symlink' && (isFollowed || i < names.length - 1)) {
        if (depth >= maxLinks) throw errno('ELOOP', call, path);
        const [base, rest] = split(next.target, at, call);
        at = walk(base, rest, true, call, path, depth + 1);
      } else at = next;
    }
    return at;
  }

  function split(path: string, folder: Inode, call: string): [Inode, string[]] {
    if (path === '') throw errno('ENOENT', call, path);
    if (path.length * 3 > maxPathBytes && Buffer.byteLength(path) > maxPathBytes) {
      throw errno('ENAMETOOLONG', call, path);
    }
    const handle = ofHandle.exec(path);
    const rest = handle === null ? path : path.slice(handle[0].length);
    const names = rest.split('/').filter((name) => name !== '');
    // A slash at the end asks for a folder.
    if (rest.endsWith('/') && names.length > 0) names.push('.');
    if (handle !== null) {
      const held = folderOf(Number(handle[1]));
      if (held === null) throw errno('ENOENT', call, path);
      return [held, names];
    }
    return [path.startsWith('/') ? volume.top : folder, names];
  }

  function spotFrom(from: Inode, path: string, call: string): Spot {
    const [base, names] = split(path, from, call);
    const name = names.pop();
    const folder = walk(base, names, true, call, path, 0);
    if (folder.kind !== 'folder') throw errno('ENOTDIR', call, path);
    if (!mayEnter(folder)) throw errno('EACCES', call, path);
    if (name === undefined || name === '.' || name === '..') throw errno('EBUSY', call, path);
    if (name.length > 80) checkLength(name, call, path);
    return { folder, name, entry: entryIn(volume, folder, name) };
  }

  return {
    find: (path, isFollowed, call) => {
      const [base, names] = split(path, volume.top, call);
      return walk(base, names, isFollowed, call, path, 0);
    },
    spot: (path, call) => spotFrom(volume.top, path, call),
    spotToWrite: (path, call) => {
      let place = spotFrom(volume.top, path, call);
      for (let depth = 0; place.entry?.inode.kind === 'symlink'; depth++) {
        if (depth >= maxLinks) throw errno('ELOOP', call, path);
        place = spotFrom(place.folder, place.entry.inode.target, call);
      }
      return place;
    },
  };
}
