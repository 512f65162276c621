import { toHex } from '../common/bytes.ts';
import { type HoldfastError, securityError } from '../common/errors.ts';
import type { AccountId } from '../common/ids.ts';
import { type AccountChain, extendAccountChain } from '../crypto/account-chain.ts';
import type { SignedAccountEvent } from '../crypto/account-event.ts';
import { assertNotFrozen, type Freeze, parseFreeze } from './freeze.ts';
import { countIn, hashIn, idIn, objectIn } from './stored-json.ts';

/** What a client has seen of an account's chain; plain JSON, kept outside the synced folders. */
export interface AccountPin {
  readonly account: AccountId;
  readonly position: number;
  /** Hex. */
  readonly head: string;
  /** Set by a security stop of the account, and by nobody cleared. */
  readonly frozen: Freeze | null;
}

/** From storage. Throws `corrupt`. */
export function parseAccountPin(value: unknown): AccountPin {
  const { account, position, head, frozen } = objectIn(value);
  return {
    account: idIn(account),
    position: countIn(position, 1),
    head: hashIn(head),
    frozen: frozen === null ? null : parseFreeze(frozen),
  };
}

export const pinOf = (chain: AccountChain): AccountPin => ({
  account: chain.account,
  position: chain.position,
  head: toHex(chain.head),
  frozen: null,
});

const rolledBack = () =>
  securityError('E_ROLLBACK', 'The server shows an older state of the account than this device has seen.');

/** Another history than the one that was seen. */
export const forked = (): HoldfastError =>
  securityError('E_FORK', 'The server shows another history of the account than this device has seen.');

/**
 * Verifies a whole chain from its genesis. With a pin: E_ROLLBACK if it ends before what was seen or is empty (F-REC-3),
 * E_FORK if it differs there (F-CHAIN-4). Then store `pinOf` the result.
 */
export function openAccountChain(
  account: AccountId,
  events: readonly SignedAccountEvent[],
  pin: AccountPin | null,
): AccountChain {
  if (pin !== null) assertNotFrozen(pin);
  if (pin !== null && events.length < pin.position) throw rolledBack();
  const chain = extendAccountChain(null, account, events);
  if (pin !== null && chain.positions.get(pin.head) !== pin.position) throw forked();
  return chain;
}

/** Checks where the server says that the chain ends: E_ROLLBACK, E_FORK. */
export function checkChainEnd(pin: AccountPin, end: { readonly seq: number; readonly hash: Uint8Array }): void {
  if (end.seq < pin.position) throw rolledBack();
  if (end.seq === pin.position && toHex(end.hash) !== pin.head) throw forked();
}
