import type { DeviceId, NodeId, RevisionId } from '../common/ids.ts';
import type { Manifest } from '../model/manifest.ts';
import type { NodeKind } from '../model/node.ts';

/** The log entry that last changed something. Time is the author's claim: shown, never compared. */
export interface Stamp {
  readonly seq: number;
  readonly timeUs: number;
  readonly deviceId: DeviceId;
}

/** A node of a vault, live or deleted. A deleted one keeps the place that it had (FORMAT.md 8.4). */
export interface VaultNode extends Stamp {
  readonly id: NodeId;
  readonly kind: NodeKind;
  readonly parent: NodeId;
  readonly name: string;
  readonly isDeleted: boolean;
  /** The current one. Null for folders, and for deleted files whose last revision was released. */
  readonly revision: RevisionId | null;
}

/** A revision that the vault keeps, current or old. */
export interface KeptRevision extends Stamp {
  readonly node: NodeId;
  readonly revision: RevisionId;
  readonly manifest: Manifest;
}

/**
 * What the tree rules ask of a vault's state. The root is not among the nodes: nobody asks for it, and its children name
 * it as parent. Synchronous; reads see the writes before them.
 */
export interface VaultTreeReader {
  /** Live or deleted; null if the id was never used. */
  node(id: NodeId): VaultNode | null;
  /** The live child of `parent` whose `nameKey` is that of `name`. */
  liveChild(parent: NodeId, name: string): NodeId | null;
  /** All at once: the tree changes while the caller goes through them. */
  liveChildren(parent: NodeId): readonly NodeId[];
  /** The file that keeps this revision; null if no file does. */
  revisionOwner(revision: RevisionId): NodeId | null;
}

/** The state to which operations apply. The engine implements it over the index, within one transaction. */
export interface VaultTree extends VaultTreeReader {
  /** Inserts or replaces. */
  putNode(node: VaultNode): void;
  /** Comes before the `putNode` that makes the revision current. */
  addRevision(revision: KeptRevision): void;
  removeRevisions(revisions: readonly RevisionId[]): void;
}
