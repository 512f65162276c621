import type { AccountId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { SignedAccountEvent } from '../crypto/account-event.ts';
import type { Freeze } from './freeze.ts';

/** What a client has seen of an account's chain; plain JSON, kept outside the synced folders. */
export interface AccountPin {
  readonly account: AccountId;
  readonly position: number;
  /** Hex. */
  readonly head: string;
  readonly frozen: Freeze | null;
}

/** From storage. Throws `corrupt`. */
export function parseAccountPin(_value: unknown): AccountPin {
  throw new Error('not yet');
}

export function pinOf(_chain: AccountChain): AccountPin {
  throw new Error('not yet');
}

/**
 * Verifies a whole chain from its genesis. With a pin: E_ROLLBACK if it ends before what was seen or is empty, E_FORK if
 * it differs there. Then pin the result.
 */
export function openAccountChain(
  _account: AccountId,
  _events: readonly SignedAccountEvent[],
  _pin: AccountPin | null,
): AccountChain {
  throw new Error('not yet');
}

/** Checks where the server says that the chain ends: E_ROLLBACK, E_FORK. */
export function checkChainEnd(_pin: AccountPin, _end: { readonly seq: number; readonly hash: Uint8Array }): void {
  throw new Error('not yet');
}
