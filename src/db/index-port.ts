import type { DeviceId, NodeId, ObjectId, RevisionId } from '../common/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';

/**
 * The local index of one folder pair: what was observed on both sides, never pending work. One connection opens it at
 * a time. Everything is synchronous. Ids are branded hex; times named `…Us` are microseconds since 1970 UTC, all other
 * times are wall milliseconds. Every failure is a HoldfastError: `corrupt` (move the file aside, rebuild from disk and
 * server), `version` (written by a newer app, left untouched), `io` (full, read-only, in use), `bug`.
 */
export interface Index {
  readonly read: IndexReader;
  /**
   * Runs `change` in one transaction: all of it is stored or, if it throws, nothing. `change` must not be async. A
   * nested call joins the outer transaction (an error that escapes the inner one undoes the whole, even when caught).
   * Reads inside see the writes. Without `isDurable` a commit survives the death of the process, and after a loss of
   * power the index is some earlier consistent state; with it, the commit and all before it survive that too.
   */
  transaction<T>(change: (write: IndexWriter) => T, options?: { readonly isDurable?: boolean }): T;
  /** SQLite's own check and ours (parents exist, no cycles, names unique, flags and counts right). Slow; for `doctor`. */
  integrityCheck(): readonly string[];
  /** All of it as committed so far, as the file would hold it. */
  bytes(): Uint8Array;
  /** Moves the write-ahead log into the file, if there is room, and leaves both alone. Safe to call twice. */
  close(): void;
}

/** The three trees, and all else that a pair remembers. Lists that can be long are iterables, read page by page: the index may change meanwhile. */
export interface IndexReader extends Trees {
  localRow(id: NodeId): LocalRow | null;
  localRowsOf(parent: NodeId): readonly LocalRow[];
  /** All that the local file system takes for the same name: two for a while where one was to leave, and another one came. */
  localRowsNamed(parent: NodeId, name: string): readonly LocalRow[];
  /** Hard links share an identity, so there may be several. */
  localByIdentity(dev: number, ino: number): readonly LocalRow[];
  /** Those of these inode numbers that local rows have, on whatever volume. */
  knownInodes(inos: readonly number[]): ReadonlySet<number>;
  /** Live or deleted: all that the vault's rules ask of a node. Null: the id was never used. */
  vaultRow(id: NodeId): VaultRow | null;
  /** The same of many, for less than one by one, in no order. */
  knownVaultRows(ids: readonly NodeId[]): readonly VaultRow[];
  hasRemoteChildren(parent: NodeId): boolean;
  /** Deleted nodes whose last place was in that folder. */
  deletedChildren(parent: NodeId): readonly VaultRow[];
  syncedChildren(parent: NodeId): readonly SyncedNode[];

  /** All that is known of a node: for less than two rows of it one by one. */
  rowsOf(id: NodeId): KnownNode;
  /** Nodes whose three rows need a plan, folder by folder, those first that became known first. */
  diverged(which: Divergence): Iterable<NodeId>;
  /** The same with all that is known of them. */
  divergedRows(which: Divergence): Iterable<KnownNode>;
  /** Another number whenever a local row may have changed. */
  localVersion(): number;
  /** The same of the rows of the vault. */
  vaultVersion(): number;
  locals(): Iterable<LocalRow>;
  /** Live and deleted, by id bytewise, as a checkpoint lists them. */
  vaultRows(): Iterable<VaultRow>;
  synceds(): Iterable<SyncedNode>;
  /** Latest deleted first; those that cannot be restored included. */
  deleted(): Iterable<VaultRow>;

  revision(id: RevisionId): RevisionRow | null;
  /** Those of many that are known, for less than one by one, with the node of each. */
  knownRevisions(ids: readonly RevisionId[]): ReadonlyMap<RevisionId, NodeId>;
  /** Newest first (by seq, then id), without the manifests. */
  revisionsOf(node: NodeId): readonly RevisionInfo[];
  /** The sealed manifest of the revision that the vault has now; null for folders, deleted and unknown nodes. */
  currentManifest(node: NodeId): Uint8Array | null;
  /** The sealed manifest of any revision; null if it is not known. */
  manifest(revision: RevisionId): Uint8Array | null;
  /** Of many revisions at once, those that are known. */
  manifests(revisions: readonly RevisionId[]): ReadonlyMap<RevisionId, Uint8Array>;

  chunkByHash(hash: Uint8Array): ChunkRow | null;
  /** Those of many that are known, for less than one by one, in no order, and now and then another one. */
  knownChunks(hashes: readonly Uint8Array[]): readonly ChunkRow[];
  chunkByObject(objectId: ObjectId): ChunkRow | null;
  /** In the order of the file; chunks that were forgotten are left out. Empty if never recorded. */
  chunksOfRevision(revision: RevisionId): Iterable<ChunkRow>;

  /** The replayer's state as last applied: head, cursor, members. Opaque here. */
  vaultState(): Uint8Array | null;
  /** Newest first; `before` is the `position` of the last one of the page before. */
  batches(page: { readonly before?: number; readonly limit: number }): readonly BatchRow[];
  batch(id: string): BatchRow | null;
  blocked(node: NodeId): BlockedRow | null;
  /** Soonest retry first. */
  blockedNodes(): Iterable<BlockedRow>;
  issue(id: string): IssueRow | null;
  /** Oldest first; the very same list until one of them is written. */
  issues(): readonly IssueRow[];
  isApproved(direction: Direction, node: NodeId): boolean;
  approvals(direction: Direction): Iterable<NodeId>;
  /** Nodes that came back into the vault, until somebody has looked for them in the folder. */
  returned(): Iterable<NodeId>;
  /** The husk of that name or, without one, one that the local file system takes for the same name. */
  huskNamed(parent: NodeId, name: string): string | null;
  husksOf(parent: NodeId): readonly string[];
  /** Null if never set. The caller parses it. */
  meta(key: string): unknown;
  /** Kept up to date by the writer: costs nothing to ask. */
  counts(): IndexCounts;
}

/** Only ever handed out inside `Index.transaction`; using it later is a bug that throws. */
export interface IndexWriter {
  /** Inserts or replaces. Parents and children may come in any order within a transaction. */
  putLocal(row: LocalRow): void;
  /** The same for a node whose id was never seen, nor named as a parent. */
  addLocal(row: LocalRow): void;
  /** That node only; what was below it is the caller's. */
  removeLocal(id: NodeId): void;
  /** The local rows of one volume are on the same one under another number. */
  renumberVolume(from: number, to: number): void;
  /** The local row of `localId` becomes that of `remoteId` (which has none), and its local children and husks follow. */
  adopt(localId: NodeId, remoteId: NodeId): void;

  /**
   * Inserts or replaces, live or deleted: the row of a deleted node stays, with the last place. That node only; the subtree is the
   * caller's, by `remoteChildren`. Also takes the revision from a deleted file when it is released.
   */
  putVaultRow(row: VaultRow): void;
  /** The same, and the synced row that `agreed` makes of the present one; null: none. Cheaper than one after the other. */
  putSettled(row: VaultRow, agreed: (synced: SyncedNode | null) => SyncedNode | null): void;
  /** All nodes, live and deleted, and revisions of the vault, as if none had ever been seen; the other trees stay. */
  forgetVault(): void;
  /**
   * Until `endVaultLoad` or `forgetVault`, maybe many transactions later, very many nodes and revisions of the vault come,
   * in any order, none of them there before or twice. To read the vault's tree or its revisions is slow meanwhile.
   */
  beginVaultLoad(): void;
  /**
   * Until `endVaultLoad`, maybe many transactions later, entries of the log bring very many nodes and revisions. Everything
   * is as always meanwhile but `vaultRows`, which is slow; what ends before costs the next opening the time of `endVaultLoad`.
   */
  beginVaultReplay(): void;
  endVaultLoad(): void;

  putSynced(node: SyncedNode): void;
  removeSynced(id: NodeId): void;
  /** `putLocal` and `putSynced` of one node, cheaper than each alone after the other. */
  putAgreed(local: LocalRow, synced: SyncedNode): void;

  /** One that is not known yet. */
  addRevision(row: RevisionRow): void;
  removeRevisions(ids: readonly RevisionId[]): void;

  /** Inserts or replaces by hash. */
  putChunk(row: ChunkRow): void;
  /** The same for one whose hash is not known. */
  addChunk(row: ChunkRow): void;
  setChunksReferenced(objectIds: readonly ObjectId[], isReferenced: boolean): void;
  /** The server lacks these objects: they are not offered for reuse again. */
  forgetChunks(objectIds: readonly ObjectId[]): void;
  /** Records the content of a known revision for delta, by the hashes of known chunks, in order. */
  setRevisionChunks(revision: RevisionId, hashes: readonly Uint8Array[]): void;

  /** In the same transaction as what the entries changed. */
  setVaultState(state: Uint8Array): void;
  addBatch(row: Omit<BatchRow, 'position'>): void;
  /** Forgets those up to that seq that say they are no younger than `time`. */
  removeBatches(seq: number, time: number): void;
  putBlocked(row: BlockedRow): void;
  removeBlocked(node: NodeId): void;
  /** By id: keeps the first `createdAt`. */
  putIssue(row: IssueRow): void;
  removeIssue(id: string): void;
  approve(direction: Direction, nodes: Iterable<NodeId>): void;
  removeApproval(direction: Direction, node: NodeId): void;
  noteReturned(node: NodeId): void;
  removeReturned(node: NodeId): void;
  addHusk(parent: NodeId, name: string): void;
  removeHusk(parent: NodeId, name: string): void;
  /** `value` is stored as JSON; undefined removes the key. */
  setMeta(key: string, value: unknown): void;
}

/** `based`: has a synced row; `new`: has none. */
export type Divergence = 'based' | 'new';

export type Direction = 'up' | 'down';

/** A local node with what tells it from others on disk, and what changes when it is written to. */
export interface LocalRow extends LocalNode {
  readonly dev: number;
  readonly ino: number;
  readonly birthUs: number;
  readonly ctimeUs: number;
}

/** What the three trees have of a node; all null for one that is not known. */
export interface KnownNode {
  readonly id: NodeId;
  readonly local: LocalRow | null;
  readonly vault: VaultRow | null;
  readonly synced: SyncedNode | null;
}

/** The log entry that last changed something. */
export interface Stamp {
  readonly seq: number;
  readonly timeUs: number;
  readonly deviceId: DeviceId;
}

/** A node of the vault, live or deleted. A deleted one has the place that it had; a deleted file without revision cannot be restored. */
export interface VaultRow extends RemoteNode, Stamp {
  readonly isDeleted: boolean;
}

export interface RevisionInfo extends Stamp {
  readonly revision: RevisionId;
  readonly node: NodeId;
  readonly size: number;
  readonly mtimeUs: number;
  readonly exec: boolean;
}

export interface RevisionRow extends RevisionInfo {
  /** Sealed by the caller: the index never sees a chunk's secret. */
  readonly manifest: Uint8Array;
}

/** A piece of plaintext that this vault already holds. */
export interface ChunkRow {
  /** 32 bytes, keyed and local: never leaves this device. */
  readonly hash: Uint8Array;
  readonly objectId: ObjectId;
  /** The chunk's ref, sealed by the caller. */
  readonly sealedRef: Uint8Array;
  readonly plainLength: number;
  /** The rolling checksum, unsigned 32 bits. */
  readonly weak: number;
  /** An entry of the log retains the object, so that the server does not collect it. */
  readonly isReferenced: boolean;
}

/** What was done together, so that it can be shown and undone. */
export interface BatchRow {
  /** Given by the index; grows. */
  readonly position: number;
  readonly id: string;
  /** Of the last entry that it made; null if it changed the local folder only. */
  readonly seq: number | null;
  readonly deviceId: DeviceId;
  readonly time: number;
  readonly ops: Uint8Array;
}

/** A node that failed and waits for its next try; the rest of the pair goes on. */
export interface BlockedRow {
  readonly node: NodeId;
  readonly side: 'local' | 'remote';
  /** A stable word for scripts. */
  readonly reason: string;
  readonly message: string;
  readonly attempts: number;
  readonly retryAt: number;
}

export interface IssueRow {
  readonly id: string;
  readonly kind: string;
  readonly node: NodeId | null;
  readonly path: string | null;
  readonly message: string;
  readonly actions: readonly string[];
  readonly createdAt: number;
  /** JSON; the caller parses it. */
  readonly data: unknown;
}

export interface IndexCounts {
  readonly syncedFiles: number;
  readonly syncedFolders: number;
  readonly localNodes: number;
  readonly remoteNodes: number;
  readonly deletedNodes: number;
  readonly diverged: number;
  /** Sizes of diverged files whose local (remote) content is not the agreed one; what delta and dedup save is not known here. */
  readonly bytesUp: number;
  readonly bytesDown: number;
  readonly blocked: number;
  readonly issues: number;
}
