import type { HoldfastError } from '../common/errors.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { LocalRow } from '../db/index-port.ts';

/** What a scan could not take up, by path on disk. */
export type Unsynced =
  | { readonly what: 'unreadable'; readonly error: HoldfastError }
  | { readonly what: 'link' | 'special' }
  | { readonly what: 'name'; readonly fault: string }
  /** The folder's ignore rules cannot be read: the last good ones apply, or nothing of it is taken up. */
  | { readonly what: 'rules'; readonly error: HoldfastError };

export interface ScanReport {
  /** Folders listed. */
  readonly folders: number;
  /** Rows of the index that changed. */
  readonly changes: number;
  readonly unsynced: ReadonlyMap<string, Unsynced>;
  /** Folders with files that changed so shortly before that a further change could hide: list them again soon. */
  readonly unsettled: ReadonlySet<RelativePath>;
  readonly listed: ReadonlySet<RelativePath>;
  /** Ignore rules changed: folders that were not listed have to be judged anew. */
  readonly areRulesChanged: boolean;
}

export interface ScanOptions {
  /** `all`, or the folders to list again; what is new or moved below them is listed too. */
  readonly scope: 'all' | ReadonlySet<RelativePath>;
  /** Whether a file whose size is as before still holds its row's revision. Reads it. */
  readonly isContentSame: (row: LocalRow, path: RelativePath) => Promise<boolean>;
  /** Told when much of what is found has to be read, before all of it is. */
  readonly onMuchNew?: () => void;
  readonly signal?: AbortSignal;
}
