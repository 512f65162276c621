import type { Operation } from '../model/operation.ts';
import type { AppliedOperation } from './tree-rules.ts';
import type { Stamp, VaultTree, VaultTreeReader } from './vault-tree.ts';

/** A tree whose writes stay in memory above `base`. */
export function overlayTree(_base: VaultTreeReader): VaultTree {
  throw new Error('not yet');
}

/** For the author: which of these operations would have an effect, in order, on top of `base`; nothing is written. Void ones are never sent. */
export function validOperations(
  _base: VaultTreeReader,
  _operations: readonly Operation[],
  _stamp: Stamp,
): { readonly valid: readonly Operation[]; readonly void: readonly Extract<AppliedOperation, { status: 'void' }>[] } {
  throw new Error('not yet');
}
