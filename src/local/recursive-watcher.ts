import { type FSWatcher, lstatSync, watch } from 'node:fs';
import { isAbsolute, join, sep } from 'node:path';
import { ownFolder } from '../common/name.ts';
import { lastName, parentPath, parsePath, type RelativePath, rootPath } from '../common/relative-path.ts';
import { eventBursts } from './event-burst.ts';
import { makeHintBuffer } from './hint-buffer.ts';
import { withErrno } from './map-errno.ts';
import { type OpenWatch, type WatchedRoot, watchedRoot } from './watched-root.ts';
import type { Watcher, WatcherOptions } from './watcher.ts';

const openWatch: OpenWatch = (path, listener) => watch(path, { recursive: true }, listener);

/**
 * One native watch for the whole tree (macOS: FSEvents, Windows: ReadDirectoryChangesW). On Linux it misses deletes.
 *
 * @param open in place of `fs.watch`, for tests of what other systems say.
 */
export function makeRecursiveWatcher(location: string, options: WatcherOptions, open: OpenWatch = openWatch): Watcher {
  const hints = makeHintBuffer(options.onHint);
  let handle: FSWatcher | null = null;
  let stopListening = (): void => undefined;
  let place: WatchedRoot | null = null;

  const isRootHere = (): boolean => place?.isHere() ?? false;

  function stop(): void {
    stopListening();
    handle?.close();
    handle = null;
  }

  function fail(): void {
    if (handle === null) return;
    hints.failed();
    stop();
  }

  function isIgnored(path: RelativePath): boolean {
    for (let slash = path.indexOf('/'); slash !== -1; slash = path.indexOf('/', slash + 1)) {
      if (options.isIgnored(path.slice(0, slash) as RelativePath)) return true;
    }
    return false;
  }

  function isFolder(path: RelativePath): boolean {
    try {
      return lstatSync(join(location, path)).isDirectory();
    } catch {
      // Gone, a file above it, or closed to us: its parent was hinted at.
      return false;
    }
  }

  function onEvent(name: string | null): void {
    if (handle === null) return;
    eventBursts.count();
    // On Windows a root that was deleted is told by its whole path, again and again for as long as it is watched.
    if (name !== null && isAbsolute(name) && !isRootHere()) {
      fail();
      return;
    }
    // Windows says so when its buffer overflowed.
    const text = name === null ? '' : name.split(sep).join('/');
    if (text === ownFolder || text.startsWith(`${ownFolder}/`)) return;
    const path = text === '' ? null : parsePath(text);
    if (path === null) {
      hints.rescan();
      return;
    }
    if (isIgnored(path)) return;
    hints.dirty(parentPath(path), lastName(path));
    // What happened inside of a folder may be told as one event of the folder.
    if (isFolder(path) && !options.isIgnored(path)) hints.dirty(path, null);
    if (parentPath(path) === rootPath && !isRootHere()) fail();
  }

  return {
    unwatched: new Set(),
    get watchCount() {
      return handle === null ? 0 : 1;
    },
    start: async () => {
      const opened = withErrno(() => {
        place = watchedRoot(location);
        return open(location, (_event, name) => onEvent(name));
      });
      handle = opened;
      opened.on('error', fail);
      stopListening = eventBursts.listen(() => hints.rescan());
    },
    // What is ignored is asked at each event.
    follow: () => undefined,
    retry: () => undefined,
    close: async () => {
      hints.close();
      stop();
    },
  };
}
