import type { NodeId, RevisionId } from '../common/ids.ts';
import type {
  ActivityItem,
  DeselectedNode,
  HeldItem,
  Issue,
  PairStatus,
  PlanPreview,
  SyncResult,
  TrashItem,
  VaultEntry,
  VerifyReport,
  VersionInfo,
  Why,
} from '../model/status.ts';
import type { ContentSink, CopiedContent } from './history/copy-out.ts';
import type { TrashedFile } from './history/restore-trashed.ts';

/**
 * One folder pair: a local folder kept in step with a vault by one loop. All calls are messages to that loop; none
 * throws for what a person or the network can cause while syncing (that becomes an issue and a status), but a call
 * that asks for something impossible rejects with a HoldfastError.
 */
export interface Pair {
  /** Throws `corrupt` or `io` if the index cannot be read. */
  status(): PairStatus;
  /** Called after each change of status, at most a few times a second; returns the way to stop it. */
  onStatus(listener: () => void): () => void;

  /** Watches and syncs until `close`. */
  start(): Promise<void>;
  /**
   * One full observation and as many rounds as it takes until nothing diverges, or nothing more can be done now
   * (held, blocked, offline, frozen). Resolves with what happened; rejects only for `bug`. `isRetrying`: what was
   * refused, by the disk here or on the way to the server, is tried again at once, since a person asks.
   */
  sync(options?: { readonly isRetrying?: boolean }): Promise<SyncResult>;
  /** The server hinted that the vault is at `seq`. */
  hint(seq: number): void;
  /** The line to the server broke or is there again: what is said of it is to be looked at. */
  lineChanged(): void;
  pause(): void;
  resume(): void;
  /** Stops after the running operation, closes every handle. */
  close(): Promise<void>;

  /** Eight words that another device of the vault which is at the same seq shows, too, if it was given the same history. Null: nothing was. */
  compareCode(): { readonly seq: number; readonly words: string } | null;
  /** Where in the folder that is which the vault has at `path`: its names may be others there. Null if it is not there, as far as is known. */
  placeOnDisk(path: string): string | null;
  /** The dry run. Observes both sides, changes nothing but observations. */
  plan(options: { verbose: boolean }): Promise<PlanPreview>;
  list(path: string, options: { isRecursive: boolean; withDeleted: boolean }): Promise<readonly VaultEntry[]>;
  versions(path: string, options?: { node: NodeId | null }): Promise<readonly VersionInfo[]>;
  /**
   * Brings a deleted node (and what went with it) or an older revision back, as a new change of the vault; the content
   * that it replaces stays in the history. Without `revision`: the deleted node, or the revision before the current one.
   * `node`: which one of those that had this path; without it the live one, or the one deleted last.
   */
  restore(
    path: string,
    options: { revision: RevisionId | null; node?: NodeId | null },
  ): Promise<{ readonly batch: string }>;
  /** Undoes the operations of one batch as far as nothing newer stands on them. */
  undo(batch: string): Promise<{ readonly batch: string; readonly skipped: readonly string[] }>;
  /** After a device was removed: what the vault is sealed with is another key from now on (F-EPOCH-4), without a sync. */
  changeKeys(): Promise<void>;
  activity(options: { limit: number; before: string | null }): Promise<readonly ActivityItem[]>;
  trash(): Promise<readonly TrashItem[]>;
  /**
   * Brings an item of the trash back beside what has its name by now: a local one into the folder (`path`: where it is), one
   * of the vault as a new batch.
   */
  restoreTrashed(
    item: TrashedFile & Pick<TrashItem, 'where'>,
  ): Promise<{ readonly path: string | null; readonly batch: string | null }>;
  /** Removes what the folder's trash holds when it is called from the disk, for good. How many files that were. */
  emptyTrash(): Promise<number>;
  /**
   * Takes what the vault has at `path` off this device's disk and leaves it off, or brings it back. Only this device is
   * concerned; what was not sent yet stays on the disk, and an issue says so.
   */
  setSelected(path: string, isSelected: boolean): Promise<void>;
  deselected(): Promise<readonly DeselectedNode[]>;
  issues(): Promise<readonly Issue[]>;
  /** What held deletions would take, by page. */
  held(page: {
    offset: number;
    limit: number;
  }): Promise<{ readonly items: readonly HeldItem[]; readonly total: number }>;
  /** Hands a kept revision (null: the current one) of a file, or of a deleted one, to the sink. Syncing goes on meanwhile. */
  copyOut(
    path: string,
    options: { revision: RevisionId | null; node: NodeId | null },
    sink: ContentSink,
  ): Promise<CopiedContent>;
  /** `seen`: the message that the choice is about; `conflict` if the issue says something else by now. */
  resolve(issue: string, choice: string, about?: { readonly seen: string | null }): Promise<void>;
  why(path: string, options?: { node: NodeId | null }): Promise<Why>;
  verify(options: { isDeep: boolean }): Promise<VerifyReport>;
}
