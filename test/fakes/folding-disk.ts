import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { diskError } from '../../src/common/disk-error.ts';
import { HoldfastError } from '../../src/common/errors.ts';
import {
  joinName,
  lastName,
  parentPath,
  pathNames,
  type RelativePath,
  rootPath,
} from '../../src/common/relative-path.ts';
import { err, ok, type Result } from '../../src/common/result.ts';
import type { FileSystem } from '../../src/local/file-system.ts';
import { type LocalNameRules, localKey } from '../../src/model/local-name-rules.ts';
import type { Stat } from '../../src/model/stat.ts';
import { localSpelling } from '../../src/plan/local-name.ts';

/**
 * The real folder behind `disk`, with the names of another system: a name finds what differs from it in case (or Unicode
 * form) only, and what that system cannot hold is refused. Whoever writes to the folder directly has to keep to that.
 */
export function foldingDisk(disk: FileSystem, rules: LocalNameRules): FileSystem {
  /** The spelling that is on the disk; the name itself if nothing answers to it. */
  const actual = (path: RelativePath): RelativePath =>
    pathNames(path).reduce<RelativePath>((folder, name) => joinName(folder, spelled(folder, name)), rootPath);

  const spelled = (folder: RelativePath, name: string): string => {
    const at = join(disk.location, folder);
    if (lstatSync(join(at, name), { throwIfNoEntry: false }) !== undefined) return name;
    const key = localKey(name, rules);
    try {
      return readdirSync(at).find((other) => localKey(other, rules) === key) ?? name;
    } catch {
      return name;
    }
  };

  /** Where a new entry comes to be: refused if its name is impossible, or another one's but for the spelling. */
  const free = (path: RelativePath, former: RelativePath | null = null): RelativePath => {
    const name = lastName(path);
    if (localSpelling(name, rules) !== name) throw diskError(rules.isWindows ? 'bad-name' : 'too-long');
    const folder = actual(parentPath(path));
    const taken = joinName(folder, spelled(folder, name));
    if (taken !== former && lstatSync(join(disk.location, taken), { throwIfNoEntry: false })) throw diskError('exists');
    return joinName(folder, name);
  };

  return {
    ...disk,
    listFolder: (path) => disk.listFolder(actual(path)),
    listNamed: async (path, names) => {
      const folder = actual(path);
      const outcome = await disk.listNamed(folder, new Set([...names].map((name) => spelled(folder, name))));
      if (!outcome.ok) return outcome;
      const found = new Map(outcome.listing.entries.map((entry) => [entry.name, entry]));
      const entries = [...names].flatMap((name) => {
        const entry = found.get(spelled(folder, name));
        return entry === undefined ? [] : [{ ...entry, name }];
      });
      return { ok: true, listing: { ...outcome.listing, entries } };
    },
    stat: async (path) => disk.stat(actual(path)),
    openFile: async (path) => disk.openFile(actual(path)),
    makeFolder: async (path) => disk.makeFolder(free(path)),
    move: async (from, to, expected) => disk.move(actual(from), free(to, actual(from)), expected),
    setAttributes: async (path, expected, attributes) => disk.setAttributes(actual(path), expected, attributes),
    removeFolder: async (path) => disk.removeFolder(actual(path)),
    syncFolders: (paths) => disk.syncFolders(paths.map(actual)),
    syncStaged: (files, folders = []) => disk.syncStaged(files, folders.map(actual)),
    placeStaged: async (file, path, expected, batch) =>
      disk.placeStaged(file, expected === null ? free(path) : actual(path), expected, batch),
    placeAll: async (places) => {
      const outcomes: Result<Stat, HoldfastError>[] = [];
      for (const { file, path } of places) {
        try {
          outcomes.push(ok((await disk.placeStaged(file, free(path), null, 'none')).stat));
        } catch (error) {
          if (!(error instanceof HoldfastError)) throw error;
          outcomes.push(err(error));
        }
      }
      return outcomes;
    },
    park: async (path, expected, key) => disk.park(actual(path), expected, key),
    unpark: async (key, to) => disk.unpark(key, free(to)),
    trashFile: async (path, expected, batch) => disk.trashFile(actual(path), expected, batch),
    restoreTrashed: async (item, to) => disk.restoreTrashed(item, free(to)),
    probeVolume: async () => ({ ...(await disk.probeVolume()), nameRules: rules }),
  };
}
