import { type FSWatcher, statSync } from 'node:fs';
import { diskError } from '../common/disk-error.ts';

/** As `fs.watch`, which tests replace. */
export type OpenWatch = (path: string, listener: (event: string, name: string | null) => void) => FSWatcher;

/** The folder that a watcher was started in. */
export interface WatchedRoot {
  readonly dev: number;
  /** False once another folder, or none, is at its place. */
  isHere(): boolean;
}

/** Throws what the system says, or why there is nothing to watch. */
export function watchedRoot(location: string): WatchedRoot {
  const { dev, ino } = folderAt(location);
  return {
    dev,
    isHere: () => {
      try {
        const now = folderAt(location);
        return now.dev === dev && now.ino === ino;
      } catch {
        return false;
      }
    },
  };
}

function folderAt(location: string): { readonly dev: number; readonly ino: number } {
  const stats = statSync(location);
  if (!stats.isDirectory()) throw diskError('wrong-kind');
  return stats;
}
