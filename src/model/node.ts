import type { NodeId, RevisionId } from '../common/ids.ts';

export type NodeKind = 'file' | 'folder';

/**
 * A node as last seen on disk. `name` is the name on disk, which differs from the vault's where the local file system
 * cannot hold that one.
 */
export interface LocalNode {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly name: string;
  readonly kind: NodeKind;
  /** Files: the revision that the content is. Minted when a content is first seen that is no known revision. */
  readonly revision: RevisionId | null;
  readonly size: number;
  readonly mtimeUs: number;
  readonly exec: boolean;
  /** Files: a remote revision that this content was compared with and found different. */
  readonly differsFrom: RevisionId | null;
}

/** A live node of the vault, at the last verified seq. */
export interface RemoteNode {
  readonly id: NodeId;
  readonly parent: NodeId;
  readonly name: string;
  readonly kind: NodeKind;
  readonly revision: RevisionId | null;
  readonly size: number;
  readonly mtimeUs: number;
  readonly exec: boolean;
}

/** The state that both sides last agreed on: the merge base. */
export interface SyncedNode {
  readonly id: NodeId;
  readonly parent: NodeId;
  /** The vault's name. */
  readonly name: string;
  /** The name on disk that stands for it. */
  readonly localName: string;
  readonly kind: NodeKind;
  readonly revision: RevisionId | null;
}
