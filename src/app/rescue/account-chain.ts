import { isEqual, toHex } from '../../common/bytes.ts';
import { notAuthentic } from '../../crypto/failure.ts';
import { sha256 } from '../../crypto/sha256.ts';
import { decodeStructure, type Fields } from './fields.ts';
import { isSignedBy } from './small-box.ts';

export interface SignedEvent {
  readonly event: Uint8Array;
  readonly signature: Uint8Array;
  readonly deviceSignature: Uint8Array | null;
}

export interface Device {
  readonly key: Uint8Array;
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
const noHash = new Uint8Array(32);

/** Verifies event 1. Throws E_AUTH. */
export function beginChain(account: string, genesis: SignedEvent): AccountChain {
  const fields = decodeStructure(genesis.event, 'account-event', maxEventBytes);
  readHead(fields, account, 1, noHash);
  if (fields.text() !== 'genesis') throw notAuthentic();
  const identity = fields.bytes(32);
  const sealing = fields.bytes(32);
  fields.null();
  fields.null();
  fields.end();
  if (!isSignedBy(identity, 'account-event', genesis.event, genesis.signature)) throw notAuthentic();
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
  if (chain.position >= maxEvents) throw notAuthentic();
  const seq = chain.position + 1;
  const fields = decodeStructure(signed.event, 'account-event', maxEventBytes);
  readHead(fields, chain.account, seq, chain.head);
  if (!isSignedBy(chain.identity, 'account-event', signed.event, signed.signature)) throw notAuthentic();
  const take = readFact(chain, fields, seq, signed);
  fields.end();
  take();
  chain.position = seq;
  chain.head = sha256(signed.event);
  chain.positions.set(toHex(chain.head), seq);
}

function readHead(fields: Fields, account: string, seq: number, previous: Uint8Array): void {
  if (fields.id() !== account || fields.integer() !== seq || !isEqual(fields.hash(), previous)) throw notAuthentic();
  fields.integer(); // time: a claim that nothing here depends on
}

/** Checks what the event says (F-CHAIN-2, F-CHAIN-3), and answers how to take it in. */
function readFact(chain: AccountChain, fields: Fields, seq: number, signed: SignedEvent): () => void {
  switch (fields.text()) {
    case 'device-add': {
      const id = fields.id();
      const key = fields.bytes(32);
      fields.bytes(32);
      fields.bytes();
      const isKnown = chain.devices.has(id) || [...chain.devices.values()].some((device) => isEqual(device.key, key));
      const second = signed.deviceSignature;
      if (isKnown || second === null || !isSignedBy(key, 'device-add', signed.event, second)) throw notAuthentic();
      return () => void chain.devices.set(id, { key, added: seq, revoked: null });
    }
    case 'device-revoke': {
      const device = chain.devices.get(fields.id());
      readNulls(fields, 3);
      if (device === undefined || device.revoked !== null) throw notAuthentic();
      return () => {
        device.revoked = seq;
        chain.revocations.push(seq);
      };
    }
    case 'record': {
      const version = fields.integer();
      const hash = fields.hash();
      readNulls(fields, 2);
      if (version !== chain.records.length + 1) throw notAuthentic();
      return () => void chain.records.push(hash);
    }
    case 'vault-add': {
      const id = fields.id();
      const genesis = fields.hash();
      readNulls(fields, 2);
      if (chain.vaults.has(id)) throw notAuthentic();
      return () => void chain.vaults.set(id, genesis);
    }
    default:
      throw notAuthentic();
  }
}

function readNulls(fields: Fields, count: number): void {
  for (let i = 0; i < count; i++) fields.null();
}

export const isLiveAt = (device: Device, position: number): boolean =>
  device.added <= position && (device.revoked === null || device.revoked > position);
