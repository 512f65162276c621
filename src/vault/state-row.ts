import type { KeptRevision, VaultNode } from './vault-tree.ts';

/**
 * One row of a checkpoint's state. Order: by node id bytewise; of one node, the node first, then its revisions by seq,
 * then by revision id.
 */
export type StateRow =
  | { readonly type: 'node'; readonly node: VaultNode }
  | { readonly type: 'revision'; readonly revision: KeptRevision };
