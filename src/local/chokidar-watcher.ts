import { type Stats, statSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { type FSWatcher, watch } from 'chokidar';
import { diskError } from '../common/disk-error.ts';
import { ownFolder } from '../common/name.ts';
import { lastName, parentPath, parsePath, type RelativePath, rootPath } from '../common/relative-path.ts';
import { makeHintBuffer } from './hint-buffer.ts';
import { errnoOf, mapErrno } from './map-errno.ts';
import type { Watcher, WatcherOptions } from './watcher.ts';

export interface ChokidarWatcherOptions extends WatcherOptions {
  /** Looks at everything this often, in milliseconds: for volumes whose events are missing. Null: native events. */
  readonly pollEveryMs: number | null;
}

const limits: ReadonlySet<string | null> = new Set(['ENOSPC', 'EMFILE', 'ENFILE']);

/**
 * By chokidar: polling for network and FUSE volumes, and the fallback where the native watcher fails. Costs several
 * kilobytes of memory for each file, and with polling a look at each file per round.
 */
export function makeChokidarWatcher(location: string, options: ChokidarWatcherOptions): Watcher {
  const hints = makeHintBuffer(options.onHint);
  const unwatched = new Set<RelativePath>();
  let watcher: FSWatcher | null = null;
  let following: Promise<void> = Promise.resolve();
  let isClosed = false;

  const relativeOf = (path: string): RelativePath | null => parsePath(relative(location, path).split(sep).join('/'));

  function isOwn(path: string): boolean {
    const text = relative(location, path);
    return text === ownFolder || text.startsWith(ownFolder + sep);
  }

  function isLeftOut(path: string, stats?: Stats): boolean {
    if (isOwn(path)) return true;
    const place = relativeOf(path);
    return place !== null && place !== rootPath && stats?.isDirectory() === true && options.isIgnored(place);
  }

  function onChange(event: string, path: string): void {
    const place = relativeOf(path);
    if (place === null) hints.rescan();
    else if (place === rootPath && event === 'unlinkDir') fail('the synced folder was moved, deleted or unmounted');
    else {
      hints.dirty(parentPath(place), place === rootPath ? null : lastName(place));
      if (event === 'addDir') hints.dirty(place, null);
    }
  }

  function fail(reason: string): void {
    hints.failed(reason);
    void watcher?.close();
  }

  function onError(error: unknown): void {
    const code = errnoOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return;
    const text = error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : location;
    // At the system's limit it is not said what else has no watch: nothing counts as watched then.
    const place = limits.has(code) ? rootPath : (relativeOf(text) ?? rootPath);
    if (!unwatched.has(place)) hints.coverage();
    unwatched.add(place);
  }

  async function open(): Promise<void> {
    const opened = watch(location, {
      ignoreInitial: true,
      followSymlinks: false,
      atomic: false,
      ignorePermissionErrors: false,
      usePolling: options.pollEveryMs !== null,
      interval: options.pollEveryMs ?? 1000,
      binaryInterval: options.pollEveryMs ?? 1000,
      ignored: isLeftOut,
    });
    watcher = opened;
    opened.on('all', (event, path) => onChange(event, path)).on('error', onError);
    await new Promise<void>((resolve) => {
      opened.once('ready', resolve);
    });
  }

  function countWatches(): number {
    if (watcher === null || watcher.closed) return 0;
    return Object.keys(watcher.getWatched()).length;
  }

  return {
    unwatched,
    get watchCount() {
      return countWatches();
    },
    start: async () => {
      try {
        if (!statSync(location).isDirectory()) throw diskError('wrong-kind');
      } catch (error) {
        throw mapErrno(error);
      }
      await open();
    },
    // It asks what is ignored once for each folder.
    follow: () => {
      following = following.then(async () => {
        await watcher?.close();
        if (isClosed) return;
        await open();
        hints.rescan();
      });
    },
    close: async () => {
      isClosed = true;
      hints.close();
      await following;
      await watcher?.close();
      watcher = null;
    },
  };
}
