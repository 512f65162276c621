import type { DecodedOperation } from './operation-codec.ts';
import type { Stamp, VaultNode, VaultTree } from './vault-tree.ts';

/** Why an operation has no effect (FORMAT.md 8.4). `name` is E_PATH for that item alone. */
export type VoidReason =
  | 'node-known'
  | 'node-unknown'
  | 'node-deleted'
  | 'node-live'
  | 'root'
  | 'kind'
  | 'parent'
  | 'cycle'
  | 'name'
  | 'name-taken'
  | 'manifest'
  | 'no-content'
  | 'revision-known'
  | 'revision-unknown'
  | 'revision-current';

/** `before`: the nodes that the operation changed, as they were; those that it made are not among them. A deleted folder comes before what was in it. */
export type AppliedOperation =
  | { readonly operation: DecodedOperation; readonly status: 'applied'; readonly before: readonly VaultNode[] }
  | { readonly operation: DecodedOperation; readonly status: 'void'; readonly reason: VoidReason };

/** Applies the operations of one entry in order. What breaks a rule is void: no effect, and the next one goes on. */
export function applyOperations(
  _tree: VaultTree,
  _operations: readonly DecodedOperation[],
  _stamp: Stamp,
): AppliedOperation[] {
  throw new Error('not yet');
}
