import { type FSWatcher, lstatSync, readdirSync, watch } from 'node:fs';
import { basename, join } from 'node:path';
import { isAbsence } from '../common/errno.ts';
import { ownFolder } from '../common/name.ts';
import {
  childPath,
  isWithin,
  lastName,
  parentPath,
  pathNames,
  type RelativePath,
  rootPath,
} from '../common/relative-path.ts';
import { eventBursts } from './event-burst.ts';
import { makeHintBuffer } from './hint-buffer.ts';
import { withErrno } from './map-errno.ts';
import { makeTimeSlice } from './time-slice.ts';
import { type OpenWatch, type WatchedRoot, watchedRoot } from './watched-root.ts';
import type { Watcher, WatcherOptions } from './watcher.ts';

const openWatch: OpenWatch = (path, listener) => watch(path, listener);

/** A watched folder. */
interface Twig {
  readonly path: RelativePath;
  readonly watch: FSWatcher;
  readonly children: Map<string, Twig>;
}

interface Task {
  readonly path: RelativePath;
  /** Hint at it once it is watched: what changed before may have been missed. */
  readonly isReported: boolean;
  /** If it is watched, its watch stays, and so do those in it that are not ignored. */
  readonly isKept?: boolean;
}

/**
 * One native watch for each folder (Linux, where a watch sees one folder only). A folder is first watched, then listed
 * for folders in it, which are watched in turn: so none that is made meanwhile is missed.
 *
 * @param open in place of `fs.watch`, for tests of the system's limits.
 */
export function makeFolderWatcher(location: string, options: WatcherOptions, open: OpenWatch = openWatch): Watcher {
  const hints = makeHintBuffer(options.onHint);
  const slice = makeTimeSlice();
  const unwatched = new Set<RelativePath>();
  const queue: Task[] = [];
  let root: Twig | null = null;
  let place: WatchedRoot | null = null;
  let watchCount = 0;
  let isClosed = false;
  let isRebuilding = false;
  let hasRoomAgain = false;
  let isDraining = false;
  let drained: Promise<void> = Promise.resolve();
  let stopListening = (): void => undefined;

  const absolute = (path: RelativePath): string => join(location, path);

  function twigAt(path: RelativePath): Twig | null {
    let twig = root;
    for (const name of pathNames(path)) twig = twig?.children.get(name) ?? null;
    return twig;
  }

  function closeTwig(twig: Twig): void {
    twig.watch.close();
    watchCount--;
    hasRoomAgain = true;
    for (const child of twig.children.values()) closeTwig(child);
  }

  function setUnwatched(path: RelativePath): void {
    if (!unwatched.has(path)) hints.coverage();
    unwatched.add(path);
  }

  /** Neither watched nor missed any more, with all that is below. */
  function forget(path: RelativePath): void {
    const parent = path === rootPath ? null : twigAt(parentPath(path));
    const twig = parent?.children.get(lastName(path));
    if (twig !== undefined) {
      parent?.children.delete(lastName(path));
      closeTwig(twig);
    } else if (path !== rootPath) {
      // Only in what is watched anything is known to be missed. Thousands of those may be asked for, one after the other.
      if (unwatched.delete(path)) hints.coverage();
      return;
    }
    for (const missed of unwatched) {
      if (isWithin(missed, path)) {
        unwatched.delete(missed);
        hints.coverage();
      }
    }
  }

  /** Throws what the system says if it cannot be looked at. */
  function isWatchable(path: RelativePath): boolean {
    if (options.isIgnored(path)) return false;
    try {
      const stats = lstatSync(absolute(path));
      return stats.isDirectory() && stats.dev === place?.dev;
    } catch (error) {
      if (isAbsence(error)) return false;
      throw error;
    }
  }

  function openTwig(path: RelativePath): Twig | null {
    try {
      const twig: Twig = {
        path,
        watch: open(absolute(path), (event, name) => onEvent(twig, event, name)),
        children: new Map(),
      };
      watchCount++;
      twig.watch.on('error', () => rebuild());
      return twig;
    } catch (error) {
      if (!isAbsence(error)) setUnwatched(path);
      return null;
    }
  }

  function foldersIn(path: RelativePath): readonly RelativePath[] {
    const found: RelativePath[] = [];
    try {
      for (const entry of readdirSync(absolute(path), { withFileTypes: true })) {
        if (!entry.isDirectory()) continue;
        const child = childPath(path, entry.name);
        if (child.ok && isWatchable(child.value)) found.push(child.value);
      }
      return found;
    } catch (error) {
      if (!isAbsence(error)) setUnwatched(path);
      return [];
    }
  }

  function perform({ path, isReported, isKept }: Task): void {
    const kept = isKept === true ? twigAt(path) : null;
    if (kept !== null) {
      prune(kept);
      return;
    }
    forget(path);
    const parent = path === rootPath ? null : twigAt(parentPath(path));
    if (path !== rootPath && (parent === null || !isWatchable(path))) return;
    const twig = openTwig(path);
    if (twig === null) return;
    if (parent === null) root = twig;
    else parent.children.set(lastName(path), twig);
    for (const child of foldersIn(path)) queue.push({ path: child, isReported });
    // Its folder was hinted at, so that it is found at once if it is new; if it moved, it has to be listed again, but not first.
    if (isReported) hints.dirtyLater(path);
  }

  /** Watches nothing in it that is ignored, and all else. */
  function prune(twig: Twig): void {
    if (unwatched.delete(twig.path)) hints.coverage();
    const wanted = foldersIn(twig.path);
    const names = new Set(wanted.map(lastName));
    for (const [name, child] of twig.children) if (!names.has(name)) forget(child.path);
    for (const path of wanted) queue.push({ path, isReported: true, isKept: true });
  }

  async function drain(): Promise<void> {
    isDraining = true;
    for (let task = queue.pop(); task !== undefined && !isClosed; task = queue.pop()) {
      try {
        perform(task);
      } catch {
        setUnwatched(task.path);
      }
      if (slice.isSpent()) await slice.rest();
      if (queue.length > 0) continue;
      if (isRebuilding) hints.rescan();
      isRebuilding = false;
      for (const missed of missedTasks()) queue.push(missed);
    }
    isDraining = false;
  }

  /** Watches came free: what found no room before may find it now. */
  function missedTasks(): readonly Task[] {
    const tasks = hasRoomAgain ? allMissed() : [];
    hasRoomAgain = false;
    return tasks;
  }

  /** The watch of one that is watched, but not what is in it, stays: to open it anew would look like room again, for ever. */
  const allMissed = (): readonly Task[] => [...unwatched].map((path) => ({ path, isReported: true, isKept: true }));

  function enqueue(task: Task): void {
    queue.push(task);
    if (!isDraining) drained = drain();
  }

  /** All watches anew, since folders that came or went unseen may be among what was lost. */
  function rebuild(): void {
    if (isClosed) return;
    queue.length = 0;
    if (root !== null) closeTwig(root);
    root = null;
    if (!isRootHere()) {
      fail();
      return;
    }
    isRebuilding = true;
    enqueue({ path: rootPath, isReported: false });
  }

  const isRootHere = (): boolean => place?.isHere() ?? false;

  function fail(): void {
    hints.failed();
    stop();
  }

  function onEvent(twig: Twig, event: string, name: string | null): void {
    if (isClosed) return;
    eventBursts.count();
    if (twig.path === rootPath && (name === null || name === basename(location)) && !isRootHere()) {
      fail();
      return;
    }
    if (name === ownFolder && twig.path === rootPath) return;
    // What happens to the folder itself comes under its own name.
    const isOwnName = name === null || name === basename(absolute(twig.path));
    hints.dirty(twig.path, isOwnName ? null : name);
    if (name === null) return;
    const child = childPath(twig.path, name);
    if (!child.ok) return;
    // `rename`: it came, went, or was replaced. `change`: perhaps its permissions, so that it can be watched now.
    if (event !== 'rename' && !unwatched.has(child.value)) return;
    try {
      if (isWatchable(child.value)) {
        enqueue({ path: child.value, isReported: true });
        return;
      }
    } catch {
      // What is in it cannot be looked at: its events do not tell what to watch any more.
      setUnwatched(twig.path);
      return;
    }
    forget(child.value);
    for (const task of missedTasks()) enqueue(task);
  }

  function stop(): void {
    isClosed = true;
    stopListening();
    queue.length = 0;
    if (root !== null) closeTwig(root);
    root = null;
  }

  return {
    unwatched,
    get watchCount() {
      return watchCount;
    },
    start: async () => {
      withErrno(() => {
        place = watchedRoot(location);
        readdirSync(location);
      });
      stopListening = eventBursts.listen(rebuild);
      enqueue({ path: rootPath, isReported: false });
      await drained;
    },
    follow: () => {
      if (root === null) return;
      for (const path of unwatched) if (path !== rootPath && options.isIgnored(path)) forget(path);
      enqueue({ path: rootPath, isReported: true, isKept: true });
    },
    retry: () => {
      for (const task of allMissed()) enqueue(task);
    },
    close: async () => {
      hints.close();
      if (!isClosed) stop();
      await drained;
    },
  };
}
