import type { NodeId } from '../common/ids.ts';
import type { Operation } from '../model/operation.ts';

/** What an entry says; `unusable` is an operation of right shape whose manifest contradicts itself, which is void. */
export type DecodedOperation = Operation | { readonly type: 'unusable'; readonly node: NodeId };

/** Most operations of one entry. */
export const maxOperations = 4096;

export interface Operations {
  readonly timeUs: number;
  readonly operations: readonly DecodedOperation[];
}

/** The padded plaintext of an entry (FORMAT.md 8.3). */
export function encodeOperations(_timeUs: number, _operations: readonly Operation[]): Uint8Array {
  throw new Error('not yet');
}

/** Throws E_AUTH, E_DOWNGRADE, or `version` for an operation that this version does not know. */
export function decodeOperations(_padded: Uint8Array): Operations {
  throw new Error('not yet');
}
