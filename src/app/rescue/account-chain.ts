import { isEqual, toHex } from '../../common/bytes.ts';
import { type HoldfastError, securityError } from '../../common/errors.ts';
import { notAuthentic, overLimit } from '../../crypto/failure.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { decodeStructure, type Fields } from './fields.ts';
import { isSignedBy } from './small-box.ts';

export interface SignedEvent {
  readonly event: Uint8Array;
  readonly signature: Uint8Array;
  readonly deviceSignature: Uint8Array | null;
}

export interface Device {
  /** Ed25519 and X25519. */
  readonly key: Uint8Array;
  readonly sealing: Uint8Array;
  readonly added: number;
  /** Position of its revocation; null while it is live. */
  revoked: number | null;
}

/** The account chain as far as it verified (FORMAT.md 7.3). A position is the seq of an event. */
export interface AccountChain {
  readonly account: string;
  readonly identity: Uint8Array;
  readonly sealing: Uint8Array;
  position: number;
  head: Uint8Array;
  /** Position by hash of the event. */
  readonly positions: Map<string, number>;
  readonly devices: Map<string, Device>;
  readonly revocations: number[];
  /** Hash of each version of the record, the first one first. */
  readonly records: Uint8Array[];
  /** Hash of the first entry, by vault. */
  readonly vaults: Map<string, Uint8Array>;
}

const maxEventBytes = 4096;
const maxEvents = 16_384;
const minNameBox = 73;
const maxNameBox = 200;
const noHash = new Uint8Array(32);

type Fact =
  | { readonly kind: 'genesis'; readonly identity: Uint8Array; readonly sealing: Uint8Array }
  | { readonly kind: 'device-add'; readonly id: string; readonly key: Uint8Array; readonly sealing: Uint8Array }
  | { readonly kind: 'device-revoke'; readonly id: string }
  | { readonly kind: 'record'; readonly version: number; readonly hash: Uint8Array }
  | { readonly kind: 'vault-add'; readonly id: string; readonly genesis: Uint8Array };

/** Verifies event 1. Throws `security`. */
export function beginChain(account: string, genesis: SignedEvent): AccountChain {
  const fact = readEvent(genesis.event, account, 1, noHash);
  if (fact.kind !== 'genesis') throw notAllowed();
  const { identity, sealing } = fact;
  checkSignatures(genesis, fact, identity);
  const head = sha256(genesis.event);
  return {
    account,
    identity,
    sealing,
    position: 1,
    head,
    positions: new Map([[toHex(head), 1]]),
    devices: new Map(),
    revocations: [],
    records: [],
    vaults: new Map(),
  };
}

/** Verifies the next event and takes it in; leaves the chain alone if it throws. */
export function extendChain(chain: AccountChain, signed: SignedEvent): void {
  const seq = chain.position + 1;
  const fact = readEvent(signed.event, chain.account, seq, chain.head);
  checkSignatures(signed, fact, chain.identity);
  takeIn(chain, seq, fact);
  chain.position = seq;
  chain.head = sha256(signed.event);
  chain.positions.set(toHex(chain.head), seq);
}

/** F-CHAIN-1, but for the signatures. */
function readEvent(event: Uint8Array, account: string, seq: number, previous: Uint8Array): Fact {
  const fields = decodeStructure(event, 'account-event', maxEventBytes);
  const owner = fields.id();
  const at = fields.count();
  if (at < 1) throw notAuthentic();
  const before = fields.hash();
  fields.integer(); // time: a claim that nothing here depends on
  const fact = readFact(fields);
  fields.end();
  if (owner !== account) throw notAuthentic();
  if (at > maxEvents) throw overLimit();
  if (at !== seq || !isEqual(before, previous)) {
    throw securityError('E_FORK', 'The account chain does not follow itself.');
  }
  return fact;
}

function readFact(fields: Fields): Fact {
  const nulls = (count: number): void => {
    for (let i = 0; i < count; i++) fields.null();
  };
  const kind = fields.text();
  switch (kind) {
    case 'genesis': {
      const [identity, sealing] = [fields.bytes(32), fields.bytes(32)];
      nulls(2);
      return { kind, identity, sealing };
    }
    case 'device-add': {
      const [id, key, sealing] = [fields.id(), fields.bytes(32), fields.bytes(32)];
      const name = fields.bytes();
      if (name.length < minNameBox || name.length > maxNameBox) throw notAuthentic();
      return { kind, id, key, sealing };
    }
    case 'device-revoke': {
      const id = fields.id();
      nulls(3);
      return { kind, id };
    }
    case 'record': {
      const [version, hash] = [fields.count(), fields.hash()];
      if (version < 1) throw notAuthentic();
      nulls(2);
      return { kind, version, hash };
    }
    case 'vault-add': {
      const [id, genesis] = [fields.id(), fields.hash()];
      nulls(2);
      return { kind, id, genesis };
    }
    default:
      throw notAuthentic();
  }
}

function checkSignatures({ event, signature, deviceSignature: second }: SignedEvent, fact: Fact, by: Uint8Array): void {
  if (!isSignedBy(by, 'account-event', event, signature)) throw notAuthentic();
  if (fact.kind !== 'device-add' && second === null) return;
  if (fact.kind === 'device-add' && second !== null && isSignedBy(fact.key, 'device-add', event, second)) return;
  throw notAuthentic();
}

const notAllowed = (): HoldfastError =>
  securityError('E_MEMBER', 'The account chain holds a step that is not allowed.');

/** F-CHAIN-2 and F-CHAIN-3. */
function takeIn(chain: AccountChain, seq: number, fact: Fact): void {
  switch (fact.kind) {
    case 'genesis':
      throw notAllowed();
    case 'device-add': {
      const { id, key, sealing } = fact;
      const devices = [...chain.devices.values()];
      const isUsed = devices.some((device) => isEqual(device.key, key) || isEqual(device.sealing, sealing));
      if (chain.devices.has(id) || isUsed) throw notAllowed();
      chain.devices.set(id, { key, sealing, added: seq, revoked: null });
      return;
    }
    case 'device-revoke': {
      const device = chain.devices.get(fact.id);
      if (device === undefined || device.revoked !== null) throw notAllowed();
      device.revoked = seq;
      chain.revocations.push(seq);
      return;
    }
    case 'record':
      if (fact.version !== chain.records.length + 1) throw notAllowed();
      chain.records.push(fact.hash);
      return;
    case 'vault-add':
      if (chain.vaults.has(fact.id)) throw notAllowed();
      chain.vaults.set(fact.id, fact.genesis);
      return;
  }
}

export const isLiveAt = (device: Device, position: number): boolean =>
  device.added <= position && (device.revoked === null || device.revoked > position);
