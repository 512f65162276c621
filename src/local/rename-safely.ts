import { diskError } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import { type Fingerprint, isSameState, type Stat } from '../model/stat.ts';
import type { Disk } from './disk.ts';
import type { Anchor, LocalRoot } from './local-root.ts';
import { isSameContent, lookAt, type NodeStat } from './node-stat.ts';

const noLinks: ReadonlySet<string | null> = new Set([
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'ENOSYS',
  'EMLINK',
  'EINVAL',
  // Node's word for FAT and exFAT on Windows (ERROR_INVALID_FUNCTION); no folder is ever linked here.
  'EISDIR',
  // And for files there that another program keeps in a cloud (ERROR_CLOUD_FILE_INCOMPATIBLE_HARDLINKS).
  'UNKNOWN',
]);

/** The volume, or this file's owner, allows no further name of a file. */
export const isLinkRefused = (error: unknown): boolean => noLinks.has(errnoOf(error));

/** What is there, if it is as expected; `vanished` or `changed` otherwise. */
export function lookForExpected(disk: Disk, path: string, expected: Fingerprint, hasStableIds: boolean): NodeStat {
  const stat = lookAt(disk, path, hasStableIds);
  if (stat === null) throw diskError('vanished');
  if (!isSameState(stat, expected)) throw diskError('changed');
  return stat;
}

const folded = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();

export interface Place {
  readonly anchor: Anchor;
  readonly name: string;
}

const pathOf = (place: Place): string => place.anchor.at(place.name);

/** Both names are one entry of a folder whose file system folds case or Unicode form; not two hard links. */
function isSpellingOnly(disk: Disk, from: Place, to: Place, isSameFolder: boolean): boolean {
  if (!isSameFolder || folded(from.name) !== folded(to.name)) return false;
  return !disk.readdirSync(to.anchor.folder).includes(to.name);
}

export interface RenameOptions {
  readonly isSameFolder: boolean;
  readonly hasStableIds: boolean;
  /**
   * A name that nobody else uses, on the same volume: what is to lose its name goes there first, for a last look at what that
   * was. Null: no other program reaches the old name either.
   */
  readonly aside: Place | null;
}

/**
 * Renames what is as `expected`; never replaces: a file gets its second name first (`link` refuses a taken name), then
 * loses the old one. Without hard links, and for folders, the name is looked at right before the rename; a folder that
 * appears within these microseconds can only be replaced if it is empty.
 *
 * The stat returned vouches for the content that was expected: if something was written meanwhile it is the old one,
 * so that the next look sees a change.
 */
export function renameSafely(disk: Disk, from: Place, to: Place, expected: Fingerprint, options: RenameOptions): Stat {
  const { hasStableIds } = options;
  const before = lookForExpected(disk, pathOf(from), expected, hasStableIds);
  const taken = lookAt(disk, pathOf(to), hasStableIds);
  if (taken !== null) {
    if (!isSameContent(taken, before)) throw diskError('exists');
    if (isSpellingOnly(disk, from, to, options.isSameFolder)) renameWhole(disk, pathOf(from), pathOf(to), before);
    // An earlier try ended between the two halves of {@link moveFile}: the file has both names. Where numbers say nothing, two files
    // of one size and time look the same.
    else if (before.kind === 'file' && hasStableIds && taken.linkCount > 1) {
      if (!losesName(disk, pathOf(from), before, options)) throw diskError('changed');
    } else throw diskError('exists');
  } else if (before.kind === 'file') {
    moveFile(disk, pathOf(from), pathOf(to), before, options);
  } else {
    renameWhole(disk, pathOf(from), pathOf(to), before);
  }
  return vouchedStat(disk, pathOf(to), before, hasStableIds);
}

/** libuv's number on Windows for what it calls EPERM. */
const windowsDenied = -4048;

/**
 * What the system threw. Where Windows denies what nothing but a program that has the thing open can be the reason of, whatever that
 * program allows to others, this says so: it has nothing to do with permissions.
 */
export const asInUse = (error: unknown): unknown =>
  (error as NodeJS.ErrnoException).errno === windowsDenied ? diskError('busy', errnoOf(error)) : error;

/** A folder in which any program has anything open gets no other name on Windows. */
function renameWhole(disk: Disk, from: string, to: string, { kind }: Pick<Stat, 'kind'>): void {
  try {
    disk.renameSync(from, to);
  } catch (error) {
    throw kind === 'folder' ? asInUse(error) : error;
  }
}

/** The same from our own folder, where no other program reaches the names, to a person's place or another of ours. */
export const bringFrom = ({ disk, hasStableIds }: LocalRoot, own: Place, to: Place, expected: Fingerprint): Stat =>
  renameSafely(disk, own, to, expected, { isSameFolder: false, hasStableIds, aside: null });

/**
 * Takes what was just seen as `before` from a person's place to a free one in our own folder. `changed` if a newer file was put
 * there since the look: it has its name again or, where that is taken already, is safe in our folder.
 */
export function takeTo(root: LocalRoot, from: Place, own: Place, before: NodeStat): void {
  renameWhole(root.disk, pathOf(from), pathOf(own), before);
  const moved = lookAt(root.disk, pathOf(own), root.hasStableIds);
  if (moved === null || isSameContent(moved, before)) return;
  bringFrom(root, own, from, moved);
  throw diskError('changed');
}

/**
 * Throws if nobody may rename or remove the file now: on Windows a program that has it open can forbid that, but not that it
 * gets a further name, which could not be taken back then. Changes nothing; says nothing of a file that is read-only.
 */
export function assertMovable(disk: Disk, path: string, { mode }: NodeStat): void {
  if ((mode & 0o200) !== 0) disk.renameSync(path, path);
}

type LossOptions = Pick<RenameOptions, 'hasStableIds' | 'aside'>;

function moveFile(disk: Disk, from: string, to: string, before: NodeStat, options: LossOptions): void {
  const { hasStableIds } = options;
  assertMovable(disk, from, before);
  try {
    disk.linkSync(from, to);
  } catch (error) {
    if (!isLinkRefused(error)) throw error;
    disk.renameSync(from, to);
    return;
  }
  try {
    // A program that saves by renaming may have put a newer file there since the look.
    if (!isSameContent(lookAt(disk, to, hasStableIds), before)) throw diskError('changed');
    if (!losesName(disk, from, before, options)) throw diskError('changed');
  } catch (error) {
    takeBack(disk, from, to, before, options);
    throw error;
  }
}

/**
 * Takes the second name from what got it, the file of `before` or what `from` is by now: not from what a program has saved there
 * since, as it may from the moment on that the name is to be seen.
 */
function takeBack(disk: Disk, from: string, to: string, before: NodeStat, options: LossOptions): void {
  const there = lookAt(disk, to, options.hasStableIds);
  const linked = isSameContent(there, before) ? before : lookAt(disk, from, options.hasStableIds);
  if (linked !== null && isSameContent(there, linked)) losesName(disk, to, linked, options);
}

/**
 * Takes the name from the file of `before`, which has another one. False: a program had saved a newer file under it by renaming,
 * as it may at any moment, and that has the name again. Throws what keeps the file from losing it.
 */
function losesName(disk: Disk, from: string, before: NodeStat, { hasStableIds, aside }: LossOptions): boolean {
  if (aside === null) {
    disk.unlinkSync(from);
    return true;
  }
  const taken = pathOf(aside);
  disk.renameSync(from, taken);
  try {
    const isIt = isSameContent(lookAt(disk, taken, hasStableIds), before);
    if (isIt) disk.unlinkSync(taken);
    else giveBack(disk, taken, from, hasStableIds);
    return isIt;
  } catch {
    // What was expected has its other name for certain, and must not lose that too.
    return true;
  }
}

/** Unless it was saved once more meanwhile: that would have replaced it as well. */
function giveBack(disk: Disk, taken: string, to: string, hasStableIds: boolean): void {
  try {
    disk.linkSync(taken, to);
  } catch (error) {
    // Linux lets nobody link to another person's file; who may rename it, may rename it back.
    if (isLinkRefused(error) && lookAt(disk, to, hasStableIds) === null) {
      disk.renameSync(taken, to);
      return;
    }
    if (errnoOf(error) !== 'EEXIST' && !isLinkRefused(error)) {
      // Out of the way of the next move; `recoverStage` brings it back.
      disk.renameSync(taken, `${taken}-${lookAt(disk, taken, hasStableIds)?.ino ?? 0}`);
      throw error;
    }
  }
  disk.unlinkSync(taken);
}

/** The stat at `path` if its content is still that of `known`; else `known` itself. */
export function vouchedStat(disk: Disk, path: string, known: Stat, hasStableIds: boolean): Stat {
  const stat = lookAt(disk, path, hasStableIds);
  return stat !== null && isSameContent(stat, known) ? stat : known;
}
