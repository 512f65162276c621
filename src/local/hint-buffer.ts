import type { RelativePath } from '../common/relative-path.ts';
import { addDirty, type DirtyNames } from '../model/dirty-folders.ts';
import type { WatchHint } from './watcher.ts';

/** Gathers what one turn of the event loop brings and tells it once, after the turn. */
export interface HintBuffer {
  /** `name`: of which entry; null: any of them. */
  dirty(folder: RelativePath, name: string | null): void;
  /** Any entry of it, after a moment: what is told meanwhile goes first. */
  dirtyLater(folder: RelativePath): void;
  rescan(): void;
  coverage(): void;
  /** The last hint of all. */
  failed(): void;
  /** Nothing is told from here on. */
  close(): void;
}

/** Milliseconds: whoever renamed a large folder has the rename carried out before all of it is listed again. */
const moment = 150;

export function makeHintBuffer(onHint: (hint: WatchHint) => void): HintBuffer {
  let folders = new Map<RelativePath, DirtyNames>();
  let isRescan = false;
  let isCoverage = false;
  let isFailed = false;
  let isClosed = false;
  let scheduled: NodeJS.Immediate | null = null;
  let late = new Set<RelativePath>();
  let lateTimer: NodeJS.Timeout | null = null;

  function flush(): void {
    scheduled = null;
    const told: WatchHint[] = [];
    // A scan of everything makes single folders pointless.
    if (isRescan) told.push({ type: 'rescan' });
    else if (folders.size > 0) told.push({ type: 'dirty', folders });
    if (isCoverage) told.push({ type: 'coverage' });
    if (isFailed) told.push({ type: 'failed' });
    folders = new Map();
    isRescan = false;
    isCoverage = false;
    for (const hint of told) {
      if (isClosed) return;
      if (hint.type === 'failed') isClosed = true;
      onHint(hint);
    }
  }

  function schedule(): void {
    if (!isClosed) scheduled ??= setImmediate(flush);
  }

  return {
    dirty: (folder, name) => {
      // A name with a replacement character may stand for bytes that are no UTF-8: only the listing tells.
      addDirty(folders, folder, name === null || name.includes('\ufffd') ? 'all' : new Set([name]));
      schedule();
    },
    dirtyLater: (folder) => {
      late.add(folder);
      if (isClosed) return;
      lateTimer ??= setTimeout(() => {
        lateTimer = null;
        for (const each of late) addDirty(folders, each, 'all');
        late = new Set();
        schedule();
      }, moment);
    },
    rescan: () => {
      isRescan = true;
      schedule();
    },
    coverage: () => {
      isCoverage = true;
      schedule();
    },
    failed: () => {
      isFailed = true;
      schedule();
    },
    close: () => {
      isClosed = true;
      if (scheduled !== null) clearImmediate(scheduled);
      if (lateTimer !== null) clearTimeout(lateTimer);
    },
  };
}
