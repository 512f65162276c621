import type { HoldfastError } from '../../common/errors.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import type { DirtyFolders } from '../../model/dirty-folders.ts';
import type { BareHusk } from '../husks.ts';

/** What a scan could not take up, by path on disk. */
export type Unsynced =
  | { readonly what: 'unreadable'; readonly error: HoldfastError }
  | { readonly what: 'link' | 'special' }
  | { readonly what: 'name'; readonly fault: string }
  /** The folder's ignore rules cannot be read: the last good ones apply, or nothing of it is taken up. */
  | { readonly what: 'rules'; readonly error: HoldfastError; readonly isUsable: boolean };

export interface ScanReport {
  readonly unsynced: ReadonlyMap<string, Unsynced>;
  /** Files that changed so shortly before that a further change could hide, and folders that did not stay: look again soon. */
  readonly unsettled: DirtyFolders;
  readonly listed: ReadonlySet<RelativePath>;
  /** Looked at without listing their folder. */
  readonly seen: ReadonlySet<RelativePath>;
  /** Ignore rules changed: folders that were not listed have to be judged anew. */
  readonly areRulesChanged: boolean;
  readonly bareHusks: readonly BareHusk[];
}

export interface ScanOptions {
  /** `all`, or where to look again; what is new or moved below is looked at too. */
  readonly scope: 'all' | DirtyFolders;
  /** Whether a file whose size is as before still holds its row's revision. Reads it. */
  readonly isContentSame: (row: LocalRow, path: RelativePath) => Promise<boolean>;
  /** Told when much of what is found has to be read, before all of it is. */
  readonly onMuchNew?: () => void;
  readonly signal?: AbortSignal;
}
