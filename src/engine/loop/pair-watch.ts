import { HoldfastError } from '../../common/errors.ts';
import type { Logger } from '../../common/logger.ts';
import { rootPath } from '../../common/relative-path.ts';
import type { IgnoreRules } from '../../local/ignore-rules.ts';
import type { Watcher, WatcherOptions, WatchHint } from '../../local/watcher.ts';

/** The watcher of a pair's folder: one after the other, for one whose disk went hears nothing any more. */
export interface PairWatch {
  /** Begins, or begins anew; nothing once the signal came. */
  begin(): Promise<void>;
  /** The watcher ended for good: what changes is told by nobody. */
  readonly isDeaf: boolean;
  /** If other folders are ignored than when it began or followed last: it watches those that are not. */
  follow(): void;
  /** Tries again to watch what could not be watched. */
  retry(): void;
  /** How many folders could not be watched. */
  readonly unwatched: number;
  close(): Promise<void>;
}

export interface PairWatchOptions {
  readonly makeWatcher: (options: WatcherOptions) => Watcher;
  readonly ignore: IgnoreRules;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly onHint: (hint: WatchHint) => void;
}

export function pairWatch({ makeWatcher, ignore, logger, signal, onHint }: PairWatchOptions): PairWatch {
  let watcher: Watcher | null = null;
  let isDeaf = false;
  let rules = 0;
  const close = async (): Promise<void> => watcher?.close();
  return {
    async begin() {
      await close();
      if (signal.aborted) return;
      isDeaf = false;
      rules = ignore.version();
      watcher = makeWatcher({
        onHint: (hint) => {
          if (hint.type === 'failed') isDeaf = true;
          onHint(hint);
        },
        isIgnored: (folder) => folder !== rootPath && ignore.isIgnored(folder, true),
      });
      try {
        await watcher.start();
      } catch (error) {
        // Without a root there is nothing to watch; the loop finds out and says so.
        if (!(error instanceof HoldfastError)) throw error;
        isDeaf = true;
        logger.log('warn', 'the folder cannot be watched', { reason: error.reason });
      }
    },
    get isDeaf() {
      return isDeaf;
    },
    follow() {
      if (watcher === null || ignore.version() === rules) return;
      rules = ignore.version();
      watcher.follow();
    },
    retry: () => watcher?.retry(),
    get unwatched() {
      return watcher?.unwatched.size ?? 0;
    },
    close,
  };
}
