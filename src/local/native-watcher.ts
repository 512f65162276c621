import { makeFolderWatcher } from './folder-watcher.ts';
import { makeRecursiveWatcher } from './recursive-watcher.ts';
import type { Watcher, WatcherOptions } from './watcher.ts';

/** The system's own events; of volumes that are not local (`VolumeTraits.isLocal`) few or none come. @param location absolute. */
export const makeNativeWatcher = (location: string, options: WatcherOptions): Watcher =>
  process.platform === 'darwin' || process.platform === 'win32'
    ? makeRecursiveWatcher(location, options)
    : makeFolderWatcher(location, options);
