import type { Clock } from '../../../src/common/clock.ts';
import { diskError } from '../../../src/common/disk-error.ts';
import { ownFolder } from '../../../src/common/name.ts';
import { joinName, parsePath, pathNames, type RelativePath, rootPath } from '../../../src/common/relative-path.ts';
import { mapErrno } from '../../../src/local/map-errno.ts';
import type { Watcher, WatcherOptions } from '../../../src/local/watcher.ts';
import { addDirty, type DirtyNames } from '../../../src/model/dirty-folders.ts';
import type { Dice } from '../random.ts';
import type { DiskChange, SimDisk } from './sim-disk.ts';

export interface SimWatcherOptions extends WatcherOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly dice: Dice;
  /** Milliseconds from the first change to its hint, at most; those in between come with it. */
  readonly delay?: number;
  /** Share of changes of which nothing is heard, asked each time. 0: it loses nothing. */
  readonly deafness?: number;
  /** Share of changes that are told by themselves, up to a second later: where others had come before, they may come between the two halves of a move. */
  readonly lateness?: number;
  /** So many more, or fewer, of them are to come. */
  readonly onLate?: (change: 1 | -1) => void;
  /** Share of changes at which the queue runs over: what was not told yet becomes a `rescan`. */
  readonly overflow?: number;
  /** Called for each change of which nothing will be heard. */
  readonly onLost?: () => void;
}

/** What a watcher of the system would say of a simulated disk. @param location absolute. */
export function makeSimWatcher(disk: SimDisk, location: string, options: SimWatcherOptions): Watcher {
  const { clock, dice, delay = 20, overflow = 0, lateness = 0 } = options;
  let dirty = new Map<RelativePath, DirtyNames>();
  /** Came with all that is in them: what that is, is looked at when it is told. */
  const came = new Set<RelativePath>();
  let isRescan = false;
  let isFailed = false;
  let isDue = false;
  let isClosed = false;
  let rootIno: number | null = null;
  let stop = (): void => undefined;

  const isWatched = (path: RelativePath): boolean => {
    let folder = rootPath;
    for (const name of pathNames(path)) {
      if (folder === rootPath && name === ownFolder) return false;
      folder = joinName(folder, name);
      if (options.isIgnored(folder)) return false;
    }
    return true;
  };

  function foldersBelow(path: RelativePath): RelativePath[] {
    const at = path === rootPath ? location : `${location}/${path}`;
    if (disk.person.statOf(at)?.isDirectory() !== true) return [];
    const below = [...disk.snapshot(at)].filter(([, { kind }]) => kind === 'folder');
    const paths = below.map(([name]) => parsePath(path === rootPath ? name : `${path}/${name}`));
    return [path, ...paths.filter((found) => found !== null)].filter(isWatched);
  }

  const isRootHere = (): boolean => disk.person.statOf(location)?.ino === rootIno;

  function onChange(change: DiskChange): void {
    if (isClosed || isFailed) return;
    if (change.what === 'went' && change.isFolder && !isRootHere()) {
      isFailed = true;
      schedule();
      return;
    }
    const path = pathIn(change.folder);
    if (path === null || !isWatched(path) || (path === rootPath && change.name === ownFolder)) return;
    if (dice.chance(options.deafness ?? 0)) {
      options.onLost?.();
      return;
    }
    if (dice.chance(overflow)) isRescan = true;
    if (lateness > 0 && dice.chance(lateness)) {
      options.onLate?.(1);
      void clock.sleep(dice.next() * 1000).then(() => {
        options.onLate?.(-1);
        if (!isClosed && !isFailed) note(change, path);
      });
    } else note(change, path);
  }

  function note(change: DiskChange, path: RelativePath): void {
    addDirty(dirty, path, new Set([change.name]));
    const child = parsePath(path === rootPath ? change.name : `${path}/${change.name}`);
    if (change.what === 'came' && change.isFolder && child !== null) came.add(child);
    schedule();
  }

  /** Null if it is not in the root, or can be in no vault. */
  function pathIn(folder: string | null): RelativePath | null {
    if (folder === location) return rootPath;
    return folder?.startsWith(`${location}/`) === true ? parsePath(folder.slice(location.length + 1)) : null;
  }

  function schedule(): void {
    if (isDue) return;
    isDue = true;
    void clock.sleep(dice.next() * delay).then(flush);
  }

  function flush(): void {
    isDue = false;
    if (isClosed) return;
    for (const path of came) for (const folder of foldersBelow(path)) addDirty(dirty, folder, 'all');
    came.clear();
    const folders = dirty;
    dirty = new Map();
    const mustRescan = isRescan;
    isRescan = false;
    if (mustRescan) options.onHint({ type: 'rescan' });
    else if (folders.size > 0) options.onHint({ type: 'dirty', folders });
    if (!isFailed || isClosed) return;
    end();
    options.onHint({ type: 'failed' });
  }

  function end(): void {
    isClosed = true;
    stop();
  }

  return {
    unwatched: new Set(),
    get watchCount() {
      return rootIno === null || isClosed ? 0 : foldersBelow(rootPath).length;
    },
    start: async () => {
      const stats = disk.person.statOf(location);
      if (stats === null) throw mapErrno(Object.assign(new Error('ENOENT'), { code: 'ENOENT' }));
      if (!stats.isDirectory()) throw diskError('wrong-kind');
      rootIno = stats.ino;
      stop = disk.listen(onChange);
    },
    // What is ignored is asked at each change.
    follow: () => undefined,
    retry: () => undefined,
    close: async () => end(),
  };
}
