import {
  accessSync,
  type BigIntStats,
  constants,
  lstatSync,
  readdirSync,
  realpathSync,
  rmdirSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { errnoOf } from '../../common/errno.ts';
import { HoldfastError } from '../../common/errors.ts';
import { ownFolder } from '../../common/name.ts';
import { holdsNoFiles } from '../../local/volume-kind.ts';
import { explaining } from '../home/errno.ts';
import { makeFolders } from '../home/make-folders.ts';
import { findOwnData } from './own-data.ts';

/** Folders that a new root must not be, hold or lie in. */
export interface Surroundings {
  /** Roots of this device's pairs, real paths. */
  readonly roots: readonly string[];
  /** The Holdfast home. */
  readonly stateFolder: string;
  /** The person's home directory; may be inside no root and no root itself. */
  readonly userFolder?: string;
}

/** A folder that may become a root. */
export interface FitRoot {
  /** Real path. */
  readonly path: string;
  /** Makes it, if only its last component was missing. What is returned takes that back, as long as it is empty. */
  make(): () => void;
}

/** Refuses everything else, in words that say what to choose instead. Changes nothing. */
export function fitRoot(folder: string, around: Surroundings): FitRoot {
  if (!isAbsolute(folder)) throw new HoldfastError('usage', 'The folder must be an absolute path.');
  const { path, exists } = explaining(`The folder ${folder} cannot be used`, () => locate(folder));
  refuseUnfit(path, exists ? statSync(path, exact) : null, around);
  explaining(`The folder ${path} cannot be used`, () => {
    accessSync(exists ? path : dirname(path), constants.R_OK | constants.W_OK | constants.X_OK);
    // A name that no folder may have is found out before anything is made.
    if (!exists) lstatSync(path, { throwIfNoEntry: false });
  });
  if (isSyncedByAnotherUser(path)) {
    throw refused(
      'other-user',
      `${path} is synced by another user of this computer.`,
      `Choose a folder of your own. If nobody syncs it any more, give yourself what was left there: ${join(path, ownFolder)}`,
    );
  }
  return {
    path,
    make: () => {
      const isNew = !exists && explaining(`The folder ${path} cannot be made`, () => makeFolders(path));
      return () => {
        if (isNew) removeEmpty(path);
      };
    },
  };
}

/** What a pair keeps in its folder is closed to others: they could only fail there, and never with a reason that helps. */
function isSyncedByAnotherUser(path: string): boolean {
  try {
    readdirSync(join(path, ownFolder));
  } catch (error) {
    return errnoOf(error) === 'EACCES';
  }
  return false;
}

function removeEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Something is in it, or it is gone: then there is nothing to take back.
  }
}

const refused = (reason: string, message: string, hint?: string): HoldfastError =>
  new HoldfastError('refused', message, hint === undefined ? { reason } : { reason, hint });

function locate(folder: string): { readonly path: string; readonly exists: boolean } {
  try {
    const path = realpathSync(folder);
    if (!statSync(path).isDirectory()) throw refused('not-a-folder', `${folder} is a file; choose a folder.`);
    return { path, exists: true };
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR') throw refused('not-a-folder', `A part of ${folder} is a file; choose a folder.`);
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
  if (isDanglingLink(folder)) {
    throw refused('dangling-link', `${folder} is a link to something that does not exist.`);
  }
  try {
    return { path: join(realpathSync(dirname(folder)), basename(folder)), exists: false };
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    throw refused(
      'parent-missing',
      `${dirname(folder)} does not exist.`,
      'Make that folder first, or check the spelling.',
    );
  }
}

function isDanglingLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}

function refuseUnfit(path: string, stats: BigIntStats | null, around: Surroundings): void {
  const userFolder = around.userFolder ?? homedir();
  if (dirname(path) === path) throw refused('root-too-wide', `${path} is the whole disk; choose a folder in it.`);
  if (isSameOrInside(userFolder, path, stats)) {
    throw refused('root-too-wide', `${path} holds your whole home directory; choose a folder in it.`);
  }
  if (isSameOrInside(around.stateFolder, path, stats) || isSameOrInside(path, around.stateFolder)) {
    throw refused('own-state', `${path} overlaps the folder in which Holdfast keeps its own state.`);
  }
  for (const root of around.roots) {
    if (isSame(path, stats, root)) throw refused('repeated', `${path} is synced already.`);
    if (isSameOrInside(path, root)) throw refused('nested', `${path} lies inside ${root}, which is synced already.`);
    if (isSameOrInside(root, path, stats)) throw refused('nested', `${path} holds ${root}, which is synced already.`);
  }
  if (stats !== null && holdsNoFiles(statfsSync(path).type)) {
    throw refused('no-files', `${path} holds no files, only what the system tells of itself; choose another folder.`);
  }
  const own = findOwnData(path);
  if (own === null) return;
  throw own.of === 'server'
    ? refused('server-data', `${own.folder} is the data of a Holdfast server and cannot be synced.`)
    : refused('own-state', `${own.folder} holds the keys and the state of a Holdfast device and cannot be synced.`);
}

/**
 * By path, and by identity of the folders on the way up: a disk that ignores case, or a bind mount, shows one folder under
 * several paths.
 */
function isSameOrInside(inner: string, outer: string, outerStats: BigIntStats | null = statOf(outer)): boolean {
  const way = relative(outer, inner);
  if (way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))) return true;
  if (outerStats === null) return false;
  for (let at = inner; ; at = dirname(at)) {
    const stats = statOf(at);
    if (stats !== null && isSameFile(stats, outerStats)) return true;
    if (dirname(at) === at) return false;
  }
}

const isSame = (path: string, stats: BigIntStats | null, root: string): boolean => {
  const other = statOf(root);
  return path === root || (stats !== null && other !== null && isSameFile(stats, other));
};

const isSameFile = (a: BigIntStats, b: BigIntStats): boolean => a.dev === b.dev && a.ino === b.ino && a.ino !== 0n;

/** Ids of NTFS take more than a number holds: neighbours would be one. */
const exact = { bigint: true } as const;

function statOf(path: string): BigIntStats | null {
  try {
    return statSync(path, exact);
  } catch {
    return null;
  }
}
