import type { RelativePath } from '../common/relative-path.ts';
import type { DirtyFolders } from '../model/dirty-folders.ts';

/**
 * What a watcher says. Hints only: the scan decides. Folders are relative to the root.
 * - `dirty`: entries of these folders may have changed, those of the names that are given with it, or any of them. A folder
 *   may be gone meanwhile. What is renamed is told by both its names.
 * - `rescan`: events were lost or may have been; everything must be listed again.
 * - `coverage`: the set of unwatched folders changed; read {@link Watcher.unwatched}.
 * - `failed`: the watcher stopped for good (the root is gone, the system refused); check the root, start another one.
 */
export type WatchHint =
  | { readonly type: 'dirty'; readonly folders: DirtyFolders }
  | { readonly type: 'rescan' }
  | { readonly type: 'coverage' }
  | { readonly type: 'failed' };

export interface WatcherOptions {
  /** Called with coalesced hints, never re-entrantly and never after `close` began. Must not throw. */
  readonly onHint: (hint: WatchHint) => void;
  /** Folders that get no watch and give no hints, with all that is below. `.holdfast` is always one. */
  readonly isIgnored: (folder: RelativePath) => boolean;
}

/**
 * Watches the tree below a root. Start order that misses nothing: `start`, then scan: whatever changes after a folder
 * was watched gives a hint, whatever changed before is found by the scan. Folders made later are watched by the watcher
 * itself, and reported dirty a moment after their watch stands, with all folders found below them.
 */
export interface Watcher {
  /** Resolves when all folders that can be watched are. Throws `diskError` if the root cannot be read. */
  start(): Promise<void>;
  /**
   * `isIgnored` says other things than before: what is ignored by now is watched no longer, what is so no more is from here
   * on, and reported as folders made later are. Nothing else is: whoever had the rules change has the tree scanned.
   */
  follow(): void;
  /**
   * Tries again to watch what is unwatched: other programs may have given watches back since, or the system's limit been
   * raised, and no event tells of that. What is watched from here on is reported, as folders made later are.
   */
  retry(): void;
  /** Folders whose events do not arrive (the system's limit is reached, unreadable), each standing for all below it. */
  readonly unwatched: ReadonlySet<RelativePath>;
  /** How many watches the system holds for it. */
  readonly watchCount: number;
  /** Leaves no handle behind. Safe to repeat. */
  close(): Promise<void>;
}
