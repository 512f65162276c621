import type { SecurityCode } from '../common/errors.ts';
import type { DeviceId, NodeId, PairId, RevisionId, VaultId } from '../common/ids.ts';
import type { NodeKind } from './node.ts';

/**
 * What a folder pair is doing, most urgent first when several hold. `up-to-date` is said only when nothing diverges, no
 * issue is open, every folder is watched or rescanned, and the last verified head is the server's.
 */
export type PairState =
  | 'frozen'
  | 'root-missing'
  | 'paused'
  | 'offline'
  | 'needs-attention'
  | 'scanning'
  | 'syncing'
  | 'up-to-date';

/** `issue-count`: it tells only how many issues are open; `issue`: one of them says the same. */
export type MessageKind = 'issue-count' | 'issue' | 'other';

export interface TransferProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly bytesPerSecond: number;
}

export interface PairStatus {
  readonly pair: PairId;
  readonly vault: VaultId;
  readonly vaultName: string;
  readonly folder: string;
  readonly state: PairState;
  /** One sentence a person can read. */
  readonly message: string;
  readonly messageKind: MessageKind;
  readonly up: TransferProgress;
  readonly down: TransferProgress;
  /** Nodes that differ between the three trees. */
  readonly pending: number;
  readonly held: number;
  readonly issues: number;
  readonly files: number;
  readonly folders: number;
  /** Last verified seq of the vault, and what the server last hinted. */
  readonly seq: number;
  readonly serverSeq: number;
  /** Wall time in milliseconds when nothing diverged last; null if never. */
  readonly lastSyncedAt: number | null;
  /** Wall time in milliseconds when it began to be stopped, offline, or in need of a person, as it is now; null: not so, or unknown. */
  readonly since: number | null;
  /** Who was heard of longest ago comes first. */
  readonly heard: readonly HeardDevice[];
  /** Null: none that is known of. */
  readonly lastConflict: LastConflict | null;
}

/** The latest conflict that this device settled by keeping both. */
export interface LastConflict {
  /** Wall time in milliseconds. */
  readonly at: number;
  /** Where, in the folder here; empty for the folder itself. */
  readonly folder: string;
}

/** Another device of the account, in use, that has written to the vault. */
export interface HeardDevice {
  readonly device: DeviceId;
  readonly deviceName: string;
  /** Wall time in milliseconds of its newest entry that reached this device. */
  readonly lastHeardAt: number;
  /** It should have given a sign of life since: it is off or has left the vault, or the server holds back what it wrote. */
  readonly isOverdue: boolean;
}

export type IssueKind =
  | 'held-deletes'
  | 'security'
  | 'root'
  | 'vault-gone'
  | 'too-old'
  | 'file-blocked'
  | 'name-not-syncable'
  | 'name-changed-here'
  | 'skipped'
  | 'ignore-rules'
  | 'disk-full'
  | 'quota'
  | 'unwatched'
  | 'void-operation';

/** A problem shown to the user, with actions. */
export interface Issue {
  /** Stable while the problem lasts: the same problem found again is the same issue. */
  readonly id: string;
  readonly kind: IssueKind;
  readonly message: string;
  readonly node: NodeId | null;
  readonly path: string | null;
  /** Words that `resolve ISSUE CHOICE` takes; empty if it ends by itself. */
  readonly choices: readonly string[];
  readonly createdAt: number;
  readonly security: SecurityCode | null;
  /** Informational issues do not keep the pair from being up to date. */
  readonly isInformational: boolean;
}

/** A node that a held deletion would take. `direction`: `up` if it was deleted in the folder here. */
export interface HeldItem {
  readonly path: string;
  readonly direction: 'up' | 'down';
  readonly kind: NodeKind;
}

/** What of the vault a person does not want on this device. `path`: in the vault. */
export interface DeselectedNode {
  readonly node: NodeId;
  readonly path: string;
  readonly kind: NodeKind;
}

export interface PlanCounts {
  readonly up: number;
  readonly down: number;
  readonly deletes: number;
  readonly moves: number;
  readonly conflicts: number;
  readonly held: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
}

export interface PlanLine {
  readonly direction: 'up' | 'down' | 'settle' | 'held';
  readonly operation: string;
  readonly path: string;
  readonly rule: string;
}

export interface PlanPreview {
  readonly counts: PlanCounts;
  readonly lines: readonly PlanLine[];
}

export interface VaultEntry {
  readonly node: NodeId;
  readonly path: string;
  readonly name: string;
  readonly kind: NodeKind;
  readonly size: number;
  readonly mtimeUs: number;
  readonly revision: RevisionId | null;
  readonly isDeleted: boolean;
}

export interface VersionInfo {
  readonly revision: RevisionId;
  readonly seq: number;
  readonly time: number;
  readonly device: DeviceId;
  readonly deviceName: string;
  readonly size: number;
  readonly mtimeUs: number;
  readonly isCurrent: boolean;
}

export interface ActivityItem {
  /** The batch that `undo BATCH` takes: the seq of its log entry. */
  readonly batch: string;
  readonly seq: number;
  readonly time: number;
  readonly device: DeviceId;
  readonly deviceName: string;
  readonly changes: readonly {
    readonly what: string;
    readonly kind: NodeKind;
    readonly path: string;
    readonly from: string | null;
  }[];
  readonly changeCount: number;
}

export interface Why {
  readonly path: string;
  readonly node: NodeId | null;
  readonly local: string;
  readonly remote: string;
  readonly synced: string;
  readonly rule: string;
  readonly lastError: string | null;
  readonly nextTry: number | null;
}

export interface TrashItem {
  readonly batch: string;
  /** Which one, from 1, where a batch kept several contents of one path. */
  readonly copy: number;
  readonly path: string;
  readonly size: number;
  readonly deletedAt: number;
  readonly where: 'local' | 'vault';
}

export interface VerifyReport {
  readonly nodes: number;
  readonly revisions: number;
  readonly objects: number;
  readonly bytes: number;
  readonly problems: readonly { readonly path: string; readonly problem: string }[];
}

/** How a run of `sync` ended. */
export interface SyncResult {
  readonly isConverged: boolean;
  readonly filesUp: number;
  readonly filesDown: number;
  readonly bytesUp: number;
  readonly bytesDown: number;
  /** Files and folders that got another place or name: in the vault, as here; in the folder here, as in the vault. */
  readonly movesUp: number;
  readonly movesDown: number;
  /** Files and folders that were deleted, likewise. */
  readonly deletesUp: number;
  readonly deletesDown: number;
  readonly operations: number;
  readonly conflicts: number;
  readonly held: number;
  readonly issues: number;
  /** Files and folders that differ still and are not held: those that failed or, of a run that ended early, all that wait. */
  readonly left: number;
}
