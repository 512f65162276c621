import { isEqual, toHex } from '../common/bytes.ts';
import { securityError, unreachable } from '../common/errors.ts';
import type { AccountId, DeviceId, VaultId } from '../common/ids.ts';
import {
  type AccountFact,
  hashAccountEvent,
  isAccountEventSigned,
  parseAccountEvent,
  type SignedAccountEvent,
} from './account-event.ts';
import { notAuthentic, overLimit } from './failure.ts';

export interface ChainDevice {
  readonly signingKey: Uint8Array;
  readonly sealingKey: Uint8Array;
  readonly sealedName: Uint8Array;
  readonly addedAt: number;
  readonly addedUs: number;
  /** Position of its revocation. */
  readonly revokedAt: number | null;
}

/** A verified account chain. Positions are seqs of events; never built but by `extendAccountChain`. */
export interface AccountChain {
  readonly account: AccountId;
  readonly identityKey: Uint8Array;
  readonly sealingKey: Uint8Array;
  readonly position: number;
  readonly head: Uint8Array;
  readonly devices: ReadonlyMap<DeviceId, ChainDevice>;
  /** The newest account record. */
  readonly record: { readonly version: number; readonly hash: Uint8Array } | null;
  readonly vaults: ReadonlyMap<VaultId, Uint8Array>;
  /** Position of each event by its hash in hex. */
  readonly positions: ReadonlyMap<string, number>;
}

/** Of one account, and of one answer after the other about it. */
export const maxAccountEvents = 16_384;
const zeros = new Uint8Array(32);

interface Draft extends AccountChain {
  position: number;
  head: Uint8Array;
  record: AccountChain['record'];
  readonly devices: Map<DeviceId, ChainDevice>;
  readonly vaults: Map<VaultId, Uint8Array>;
  readonly positions: Map<string, number>;
}

/**
 * Verifies events that follow `chain` (null: from the genesis) and returns the longer chain. Throws E_FORK if they do not
 * follow, E_MEMBER if one may not be said, E_AUTH, E_LIMIT or E_DOWNGRADE; the given chain stays as it was.
 */
export function extendAccountChain(
  chain: AccountChain | null,
  account: AccountId,
  events: readonly SignedAccountEvent[],
): AccountChain {
  let draft = chain === null ? null : copy(chain);
  for (const signed of events) {
    const event = parseAccountEvent(signed.event);
    if (event.account !== account) throw notAuthentic();
    if (event.seq > maxAccountEvents) throw overLimit();
    if (event.seq !== (draft?.position ?? 0) + 1 || !isEqual(event.prevHash, draft?.head ?? zeros)) {
      throw securityError('E_FORK', "The account's history does not follow what this device has seen.");
    }
    draft ??= begin(account, event.fact);
    if (!isAccountEventSigned(signed, event.fact, draft.identityKey)) throw notAuthentic();
    apply(draft, event.seq, event.timeUs, event.fact);
    draft.position = event.seq;
    draft.head = hashAccountEvent(signed.event);
    draft.positions.set(toHex(draft.head), event.seq);
  }
  if (draft === null) throw notAuthentic();
  return draft;
}

/** Whether the device was added at or before `position` and not revoked at it. */
export function isLiveAt(chain: AccountChain, device: DeviceId, position: number): boolean {
  const found = chain.devices.get(device);
  return (
    found !== undefined &&
    found.addedAt <= position &&
    position <= chain.position &&
    (found.revokedAt === null || found.revokedAt > position)
  );
}

/** Whether a device was revoked after `from` and not after `to`: then the next entry begins an epoch (F-EPOCH-3). */
export function hasRevocationBetween(chain: AccountChain, from: number, to: number): boolean {
  for (const { revokedAt } of chain.devices.values()) {
    if (revokedAt !== null && revokedAt > from && revokedAt <= to) return true;
  }
  return false;
}

/** Position of the event with this hash; null if the chain does not hold it. */
export const positionOf = (chain: AccountChain, head: Uint8Array): number | null =>
  chain.positions.get(toHex(head)) ?? null;

const copy = (chain: AccountChain): Draft => ({
  ...chain,
  devices: new Map(chain.devices),
  vaults: new Map(chain.vaults),
  positions: new Map(chain.positions),
});

function begin(account: AccountId, fact: AccountFact): Draft {
  if (fact.kind !== 'genesis') throw notAllowed();
  return {
    account,
    identityKey: fact.identityKey,
    sealingKey: fact.sealingKey,
    position: 0,
    head: zeros,
    devices: new Map(),
    record: null,
    vaults: new Map(),
    positions: new Map(),
  };
}

const notAllowed = () => securityError('E_MEMBER', "The account's history holds a step that is not allowed.");

function apply(draft: Draft, seq: number, timeUs: number, fact: AccountFact): void {
  switch (fact.kind) {
    case 'genesis':
      if (seq !== 1) throw notAllowed();
      return;
    case 'device-add':
      addDevice(draft, seq, timeUs, fact);
      return;
    case 'device-revoke': {
      const device = draft.devices.get(fact.device);
      if (device === undefined || device.revokedAt !== null) throw notAllowed();
      draft.devices.set(fact.device, { ...device, revokedAt: seq });
      return;
    }
    case 'record':
      if (fact.version !== (draft.record?.version ?? 0) + 1) throw notAllowed();
      draft.record = { version: fact.version, hash: fact.hash };
      return;
    case 'vault-add':
      if (draft.vaults.has(fact.vault)) throw notAllowed();
      draft.vaults.set(fact.vault, fact.genesisHash);
      return;
    default:
      unreachable(fact);
  }
}

function addDevice(
  draft: Draft,
  seq: number,
  timeUs: number,
  fact: Extract<AccountFact, { kind: 'device-add' }>,
): void {
  if (draft.devices.has(fact.device)) throw notAllowed();
  for (const known of draft.devices.values()) {
    if (isEqual(known.signingKey, fact.signingKey) || isEqual(known.sealingKey, fact.sealingKey)) throw notAllowed();
  }
  draft.devices.set(fact.device, {
    signingKey: fact.signingKey,
    sealingKey: fact.sealingKey,
    sealedName: fact.name,
    addedAt: seq,
    addedUs: timeUs,
    revokedAt: null,
  });
}
