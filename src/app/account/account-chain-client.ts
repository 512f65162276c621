import { HoldfastError } from '../../common/errors.ts';
import type { AccountId } from '../../common/ids.ts';
import { type AccountChain, extendAccountChain, maxAccountEvents } from '../../crypto/account-chain.ts';
import type { SignedAccountEvent } from '../../crypto/account-event.ts';
import { overLimit } from '../../crypto/failure.ts';
import type { AccountApi, ChainOutcome } from '../../remote/storage-api.ts';
import { type AccountPin, checkChainEnd, openAccountChain, pinOf } from '../../vault/account-pin.ts';
import { isPinned, type SignedRecord } from '../../vault/signed-record.ts';

/** An account chain and the very events that it was verified from. */
export interface KnownChain {
  readonly chain: AccountChain;
  readonly events: readonly SignedAccountEvent[];
}

const maxAttempts = 10;

/** All of the account's chain, verified from its genesis; against `pin` if this device has seen it before. */
export async function fetchChain(
  api: Pick<AccountApi, 'getChain'>,
  account: AccountId,
  pin: AccountPin | null,
): Promise<KnownChain> {
  const events = await fetchEvents(api, 0, pin);
  return { chain: openAccountChain(account, events, pin), events };
}

/** `known` and what the server has beyond it. Throws E_ROLLBACK or E_FORK if the server knows less or other than that. */
export async function extendChain(api: Pick<AccountApi, 'getChain'>, known: KnownChain): Promise<KnownChain> {
  const { chain } = known;
  const more = await fetchEvents(api, chain.position, pinOf(chain));
  if (more.length === 0) return known;
  return { chain: extendAccountChain(chain, chain.account, more), events: [...known.events, ...more] };
}

/**
 * The account record and the chain that names it: `known`, or longer where another device changed the record between the
 * two answers. Not verified: without such a change, it is whatever the server gave.
 */
export async function fetchRecord(
  api: Pick<AccountApi, 'getChain' | 'getRecord'>,
  known: KnownChain,
): Promise<{ readonly known: KnownChain; readonly record: SignedRecord }> {
  let current = known;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { record } = await api.getRecord();
    const next = isPinned(record, current.chain) ? current : await extendChain(api, current);
    if (next === current) return { known: current, record };
    current = next;
  }
  throw busy();
}

async function fetchEvents(
  api: Pick<AccountApi, 'getChain'>,
  after: number,
  pin: AccountPin | null,
): Promise<SignedAccountEvent[]> {
  const events: SignedAccountEvent[] = [];
  for (;;) {
    const page = await api.getChain(after + events.length);
    if (pin !== null) checkChainEnd(pin, page.head);
    events.push(...page.events);
    if (after + events.length > maxAccountEvents) throw overLimit();
    if (page.isLast || page.events.length === 0) return events;
  }
}

/**
 * Appends a step to the chain by compare-and-swap. `make` signs it on top of the chain that it is given, and is asked
 * again when another device was first; `extend` fetches what that one added. Gives the chain with the step in it, and what
 * was made last.
 */
export async function appendStep<T extends { readonly event: SignedAccountEvent; readonly chain: AccountChain }>(
  extend: (known: KnownChain) => Promise<KnownChain>,
  known: KnownChain,
  make: (known: KnownChain) => T | Promise<T>,
  send: (step: T) => Promise<ChainOutcome>,
): Promise<{ readonly known: KnownChain; readonly step: T }> {
  let current = known;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const step = await make(current);
    const outcome = await send(step);
    if (outcome.status === 'done') {
      return { known: { chain: step.chain, events: [...current.events, step.event] }, step };
    }
    current = await extend(current);
  }
  throw busy();
}

export const busy = (): HoldfastError =>
  new HoldfastError('offline', 'Other devices change the account all the time; try again in a moment.', {
    reason: 'busy',
  });
