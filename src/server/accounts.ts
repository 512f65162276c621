import { isEqual } from '../common/bytes.ts';
import type { AccountId } from '../common/ids.ts';
import { type AccountChain, extendAccountChain } from '../crypto/account-chain.ts';
import { type AccountEvent, hashAccountEvent, parseAccountEvent } from '../crypto/account-event.ts';
import {
  type AccountRecord,
  hashAccountRecord,
  isAccountRecordSigned,
  parseAccountRecord,
} from '../crypto/account-record.ts';
import { checkKdf } from '../crypto/kdf.ts';
import { maxConflictBytes, maxPageBytes, maxPageCount } from '../wire/limits.ts';
import type { Head, SignedEvent, SignedRecord } from '../wire/types.ts';
import type { LoadChain } from './account-chains.ts';
import { failure, judged, malformed } from './failure.ts';
import type { Hub } from './hub.ts';
import { noAccount } from './membership.ts';
import type { ChainChange, MetadataStore, StoredEvent } from './metadata-store.ts';

/** The chain has another event at that place. `events` are those from there on, if they are few. */
export interface ChainMoved {
  readonly status: 'moved';
  readonly head: Head;
  readonly events: readonly StoredEvent[];
}

export type ChainResult = { readonly status: 'done'; readonly head: Head } | ChainMoved;

/** Where an event stands: it is there already, something else is, or it may follow (with the chain it makes). */
export type Placed =
  | { readonly status: 'same'; readonly head: Head }
  | ChainMoved
  | {
      readonly status: 'next';
      readonly change: ChainChange;
      readonly event: AccountEvent;
      readonly chain: AccountChain;
    };

export interface Accounts {
  signup(
    record: SignedRecord,
    events: readonly SignedEvent[],
    now: number,
  ): Promise<{ account: AccountId; chain: Head }>;
  record(account: AccountId): Promise<{ record: SignedRecord; chain: Head }>;
  putRecord(
    account: AccountId,
    devicePublic: Uint8Array,
    record: SignedRecord,
    event: SignedEvent,
  ): Promise<ChainResult>;
  chain(account: AccountId, after: number): Promise<{ events: StoredEvent[]; head: Head; isLast: boolean }>;
  appendEvent(account: AccountId, event: SignedEvent): Promise<ChainResult>;
  /** The account is gone when it resolves; all that it had stored is collected after. */
  remove(account: AccountId): Promise<void>;
  /** Judges one event against the chain; stores nothing. */
  place(account: AccountId, signed: SignedEvent): Promise<Placed>;
  moved(account: AccountId, fromSeq: number): Promise<ChainMoved>;
}

export const headOf = (chain: AccountChain): Head => ({ seq: chain.position, hash: chain.head });

function checkRecord(signed: SignedRecord, chain: AccountChain): AccountRecord {
  const record = judged('account record', () => parseAccountRecord(signed.body));
  judged('password parameters', () => checkKdf(record.kdf));
  const pinned = chain.record;
  if (
    record.account !== chain.account ||
    pinned === null ||
    pinned.version !== record.version ||
    !isEqual(pinned.hash, hashAccountRecord(signed.body)) ||
    !isAccountRecordSigned(signed.body, signed.signature, chain.identityKey)
  ) {
    throw failure('refused', 'signature', 'The account record is not the one that the account chain names.');
  }
  return record;
}

const store = (signed: SignedEvent, seq: number): StoredEvent => ({
  ...signed,
  seq,
  hash: hashAccountEvent(signed.event),
});

export function createAccounts(metadata: MetadataStore, loadChain: LoadChain, hub: Hub): Accounts {
  const { accounts, sessions } = metadata;

  async function mustLoad(account: AccountId): Promise<AccountChain> {
    const chain = await loadChain(account);
    if (chain === null) throw noAccount();
    return chain;
  }

  async function moved(account: AccountId, fromSeq: number): Promise<ChainMoved> {
    const events = await accounts.events(account, fromSeq - 1, { maxBytes: maxConflictBytes, maxCount: 100 });
    const head = await accounts.head(account);
    if (head === null) throw noAccount();
    return { status: 'moved', head, events: events.at(-1)?.seq === head.seq ? events : [] };
  }

  async function place(account: AccountId, signed: SignedEvent): Promise<Placed> {
    const chain = await mustLoad(account);
    const event = judged('account event', () => parseAccountEvent(signed.event));
    if (event.account !== account) throw failure('refused', 'account', 'The event is another account’s.');
    if (event.seq <= chain.position) {
      const [there] = await accounts.events(account, event.seq - 1, { maxBytes: 0, maxCount: 1 });
      const own = hashAccountEvent(signed.event);
      if (there !== undefined && isEqual(there.hash, own))
        return { status: 'same', head: { seq: event.seq, hash: own } };
    }
    if (event.seq !== chain.position + 1 || !isEqual(event.prevHash, chain.head)) return moved(account, event.seq);
    const longer = judged('account event', () => extendAccountChain(chain, account, [signed]));
    const change = { account, expected: headOf(chain), event: store(signed, event.seq) };
    return { status: 'next', change, event, chain: longer };
  }

  return {
    place,
    moved,
    signup: async (signed, events, now) => {
      const [, , third] = events;
      if (third === undefined) throw malformed('sign-up');
      const { account } = judged('account event', () => parseAccountEvent(third.event));
      const chain = judged('account chain', () => extendAccountChain(null, account, events));
      const record = checkRecord(signed, chain);
      if (chain.devices.size !== 1 || record.version !== 1) throw malformed('sign-up');
      const stored = events.map((event, index) => store(event, index + 1));
      const { email } = record;
      const status = await accounts.create({ account, email, record: signed, events: stored, now });
      if (status === 'email-taken') {
        throw failure(
          'conflict',
          'email-taken',
          'There is an account with this e-mail address already; sign in instead.',
        );
      }
      if (status === 'exists') {
        const there = await accounts.events(account, 0, { maxBytes: maxPageBytes, maxCount: 3 });
        const isSame =
          there.length === 3 && there.every((event, at) => isEqual(event.hash, stored[at]?.hash ?? event.event));
        if (!isSame) throw failure('conflict', 'exists', 'This account exists already; sign in instead.');
      }
      return { account, chain: headOf(chain) };
    },
    record: async (account) => {
      const chain = await mustLoad(account);
      const record = await accounts.record(account);
      if (record === null) throw noAccount();
      return { record, chain: headOf(chain) };
    },
    putRecord: async (account, devicePublic, record, event) => {
      const placed = await place(account, event);
      if (placed.status === 'same') return { status: 'done', head: placed.head };
      if (placed.status === 'moved') return placed;
      if (placed.event.fact.kind !== 'record') throw malformed('event that comes with an account record');
      const { email } = checkRecord(record, placed.chain);
      const status = await accounts.append(placed.change, { signed: record, email });
      if (status === 'email-taken') {
        throw failure('conflict', 'email-taken', 'Another account has this e-mail address.');
      }
      if (status === 'moved') return moved(account, placed.event.seq);
      // A password was changed perhaps because someone else knew it. Other devices come back by their own keys.
      await sessions.removeOf(account, devicePublic, 'others');
      hub.publish(account, { type: 'account', seq: placed.event.seq });
      return { status: 'done', head: headOf(placed.chain) };
    },
    remove: async (account) => {
      const head = await accounts.head(account);
      await accounts.remove(account);
      // So that its devices ask, and are told.
      hub.publish(account, { type: 'account', seq: (head?.seq ?? 0) + 1 });
    },
    chain: async (account, after) => {
      const head = await accounts.head(account);
      if (head === null) throw noAccount();
      const events = await accounts.events(account, after, { maxBytes: maxPageBytes, maxCount: maxPageCount });
      const isLast = after >= head.seq || (events.at(-1)?.seq ?? 0) >= head.seq;
      return { events, head, isLast };
    },
    appendEvent: async (account, event) => {
      const placed = await place(account, event);
      if (placed.status === 'same') return { status: 'done', head: placed.head };
      if (placed.status === 'moved') return placed;
      const { fact, seq } = placed.event;
      if (fact.kind !== 'device-add' && fact.kind !== 'device-revoke') {
        throw failure('usage', 'event', 'Records and vaults come by their own requests.');
      }
      if ((await accounts.append(placed.change)) !== 'done') return moved(account, seq);
      if (fact.kind === 'device-revoke') {
        const device = placed.chain.devices.get(fact.device);
        if (device !== undefined) await sessions.removeOf(account, device.signingKey, 'this');
      }
      hub.publish(account, { type: 'account', seq });
      return { status: 'done', head: headOf(placed.chain) };
    },
  };
}
