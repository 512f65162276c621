import type { NodeId } from '../common/ids.ts';
import type { LocalNode, RemoteNode, SyncedNode } from './node.ts';

/**
 * Read access to the three trees, keyed by node id. The vault's root (`rootNode`) is in none of them: it always exists
 * on both sides. Answers are consistent with each other while a plan is made.
 */
export interface Trees {
  local(id: NodeId): LocalNode | null;
  remote(id: NodeId): RemoteNode | null;
  synced(id: NodeId): SyncedNode | null;
  /** Was deleted in the vault and can be restored. */
  isTombstone(id: NodeId): boolean;
  localChildren(parent: NodeId): readonly LocalNode[];
  remoteChildren(parent: NodeId): readonly RemoteNode[];
  /** The sibling that the local file system takes for the same name: folded as that file system folds. */
  localByName(parent: NodeId, name: string): LocalNode | null;
  /** The live sibling whose name has the same `nameKey`. */
  remoteByName(parent: NodeId, name: string): RemoteNode | null;
}
