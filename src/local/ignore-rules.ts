import { diskError, diskReason } from '../common/disk-error.ts';
import type { HoldfastError } from '../common/errors.ts';
import { rulesFileName } from '../common/name.ts';
import { isWithin, lastName, parentPath, type RelativePath, rootPath } from '../common/relative-path.ts';
import { isSameState, type Stat } from '../model/stat.ts';
import { isDefaultIgnored, isRegrowingName } from './default-ignores.ts';
import type { DiskReader, Listing } from './file-system.ts';
import { type IgnorePatterns, maxRulesLength, parseRules } from './ignore-patterns.ts';
import { mapErrno } from './map-errno.ts';
import { readWholeFile } from './read-file.ts';

export interface RulesOutcome {
  /** Everything below the folder must be judged anew. */
  readonly isChanged: boolean;
  /** The rules file cannot be read or understood. The last good rules apply. */
  readonly error: HoldfastError | null;
  /** False: there is an error and no last good rules either, so nothing below the folder may be judged. */
  readonly isUsable: boolean;
}

/**
 * Which paths are not synced: the defaults, then `.holdfastignore` files in gitignore syntax, the root's first, each for
 * what is below its folder; the last rule that matches decides. What lies in an ignored folder is ignored, whatever
 * rules say. `.holdfast` is no path at all. Letters match exactly, Unicode forms do not matter.
 */
export interface IgnoreRules {
  isIgnored(path: RelativePath, isFolder: boolean): boolean;
  /** The system makes such a file by itself, and no rule takes it in: no reason to keep a folder that is else empty. */
  isRegrowing(path: RelativePath): boolean;
  /** Reads the root's own rules without its listing. What there is to say of them, the first `update` says. */
  readRoot(reader: DiskReader): Promise<void>;
  /** Reads the folder's own rules if its listing shows that they changed. Folders are told parents first. */
  update(reader: DiskReader, folder: RelativePath, listing: Listing): Promise<RulesOutcome>;
  /** Another number whenever the rules of any folder are others than before: other paths may be ignored. */
  version(): number;
  /** Nothing is there any more: its rules, and those of all below it, are gone with it. True if there were any. */
  gone(folder: RelativePath): boolean;
  /** The folder is at another place now, and its rules, and those of all below it, with it. */
  moved(from: RelativePath, to: RelativePath): void;
  /** The folder could not be listed: of its rules nothing is known before the next `update`. */
  unlisted(folder: RelativePath): void;
  /**
   * The topmost of the folders at or above `folder` of whose rules nothing is known: they were never understood, or it could
   * not be listed. Nothing in it may be taken up before that folder was looked at again. Null if there is none.
   */
  unknownAbove(folder: RelativePath): RelativePath | null;
  /** False: there are rules at or above it that were never understood, which may leave out anything in it. */
  isJudged(folder: RelativePath): boolean;
}

interface RulesFile {
  /** Null: never understood. */
  readonly patterns: IgnorePatterns | null;
  /** The state that was read last, good or not; null if it could not be read. */
  readonly stat: Stat | null;
  readonly error: HoldfastError | null;
}

/** Folders whose verdict is remembered; a walk asks for the same few again and again. */
const maxRememberedFolders = 50_000;

const quiet: RulesOutcome = { isChanged: false, error: null, isUsable: true };

export function makeIgnoreRules(): IgnoreRules {
  const files = new Map<RelativePath, RulesFile>();
  const folders = new Map<RelativePath, boolean>();
  let version = 0;
  const unknown = new Map<RelativePath, 'not-understood' | 'not-listed'>();

  function topmost(folder: RelativePath, isMeant: (why: string | undefined) => boolean): RelativePath | null {
    if (unknown.size === 0) return null;
    for (let path = rootPath, end = -1; ; path = folder.slice(0, end) as RelativePath) {
      if (isMeant(unknown.get(path))) return path;
      if (path === folder) return null;
      const slash = folder.indexOf('/', end + 1);
      end = slash === -1 ? folder.length : slash;
    }
  }

  function judge(path: RelativePath, isFolder: boolean): boolean {
    const end = isFolder ? '/' : '';
    let isIgnored = isDefaultIgnored(lastName(path), isFolder);
    if (files.size === 0) return isIgnored;
    for (let slash = -1; ; ) {
      const folder = path.slice(0, Math.max(0, slash)) as RelativePath;
      const patterns = files.get(folder)?.patterns ?? null;
      if (patterns !== null) {
        const verdict = patterns.judge(path.slice(slash + 1) + end);
        if (verdict !== null && !(verdict === 'ignored' && isOverruled(patterns, path, slash))) {
          isIgnored = verdict === 'ignored';
        }
      }
      slash = path.indexOf('/', slash + 1);
      if (slash === -1) return isIgnored;
    }
  }

  /** These rules ignore the parent, but the parent is not ignored: deeper rules took it back, for its content too. */
  function isOverruled(patterns: IgnorePatterns, path: RelativePath, slash: number): boolean {
    const parent = parentPath(path).slice(slash + 1);
    return parent !== '' && patterns.judge(`${parent}/`) === 'ignored';
  }

  function isIgnoredFolder(folder: RelativePath): boolean {
    if (folder === '') return false;
    const known = folders.get(folder);
    if (known !== undefined) return known;
    const verdict = isIgnoredFolder(parentPath(folder)) || judge(folder, true);
    if (folders.size >= maxRememberedFolders) folders.clear();
    folders.set(folder, verdict);
    return verdict;
  }

  function set(folder: RelativePath, file: RulesFile | null): void {
    version++;
    if (file === null) files.delete(folder);
    else files.set(folder, file);
    folders.clear();
  }

  /** Keeps the last good rules. */
  function fail(folder: RelativePath, stat: Stat | null, error: HoldfastError): RulesOutcome {
    const patterns = files.get(folder)?.patterns ?? null;
    files.set(folder, { patterns, stat, error });
    return { isChanged: false, error, isUsable: patterns !== null };
  }

  async function update(reader: DiskReader, folder: RelativePath, listing: Listing): Promise<RulesOutcome> {
    const outcome = await read(reader, folder, listing);
    if (!outcome.isUsable) unknown.set(folder, 'not-understood');
    // What is below it was not looked at meanwhile.
    else if (unknown.delete(folder)) return { ...outcome, isChanged: true };
    return outcome;
  }

  async function read(reader: DiskReader, folder: RelativePath, listing: Listing): Promise<RulesOutcome> {
    const known = files.get(folder);
    const problem = listing.problems.find((entry) => entry.name === rulesFileName);
    if (problem !== undefined) return fail(folder, null, problem.error ?? diskError('failed'));
    const entry = listing.entries.find((candidate) => candidate.name === rulesFileName);
    if (entry === undefined) {
      if (known === undefined) return quiet;
      set(folder, null);
      return { ...quiet, isChanged: true };
    }
    return readFile(reader, folder, entry);
  }

  async function readFile(reader: DiskReader, folder: RelativePath, shown: Stat): Promise<RulesOutcome> {
    const known = files.get(folder);
    if (known?.stat && isSameState(known.stat, shown)) {
      return { isChanged: false, error: known.error, isUsable: known.patterns !== null };
    }
    const path = (folder === rootPath ? rulesFileName : `${folder}/${rulesFileName}`) as RelativePath;
    try {
      const { bytes, stat } = await readWholeFile(reader, path, maxRulesLength);
      const parsed = parseRules(bytes);
      if (!parsed.ok) return fail(folder, stat, parsed.error);
      set(folder, { patterns: parsed.value, stat, error: null });
      return { ...quiet, isChanged: true };
    } catch (error) {
      if (diskReason(error) === 'vanished' && known === undefined) return quiet;
      return fail(folder, null, mapErrno(error));
    }
  }

  const isIgnored = (path: RelativePath, isFolder: boolean): boolean =>
    isIgnoredFolder(parentPath(path)) || (isFolder ? isIgnoredFolder(path) : judge(path, false));

  function gone(folder: RelativePath): boolean {
    const lost = [...files.keys(), ...unknown.keys()].filter((path) => isWithin(path, folder));
    for (const path of lost) {
      set(path, null);
      unknown.delete(path);
    }
    return lost.length > 0;
  }

  return {
    isIgnored,
    isRegrowing: (path) => isRegrowingName(lastName(path)) && isIgnored(path, false),
    readRoot: async (reader) => {
      const stat = await reader.stat(rulesFileName as RelativePath).catch(() => null);
      if (stat !== null) await readFile(reader, rootPath, stat);
    },
    update,
    version: () => version,
    gone,
    moved(from, to) {
      gone(to);
      const along = [...files].filter(([path]) => isWithin(path, from));
      const unknownAlong = [...unknown].filter(([path]) => isWithin(path, from));
      gone(from);
      const there = (path: RelativePath): RelativePath => `${to}${path.slice(from.length)}` as RelativePath;
      for (const [path, file] of along) set(there(path), file);
      for (const [path, why] of unknownAlong) unknown.set(there(path), why);
    },
    unlisted: (folder) => {
      if (!unknown.has(folder)) unknown.set(folder, 'not-listed');
    },
    unknownAbove: (folder) => topmost(folder, (why) => why !== undefined),
    isJudged: (folder) => topmost(folder, (why) => why === 'not-understood') === null,
  };
}
