import { unreachable } from '../common/errors.ts';
import { type AccountId, type DeviceId, idBytes, type VaultId } from '../common/ids.ts';
import { type Cbor, encodeCbor } from './cbor.ts';
import { notAuthentic } from './failure.ts';
import { bytesOf, countOf, decodeStructure, hashOf, idOf, integerOf, textOf } from './fields.ts';
import { suite } from './labels.ts';
import { sha256 } from './sha256.ts';
import { isSigned, type SigningKey, signMessage } from './sign.ts';

/** What one event of an account's chain says (FORMAT.md 7.3). Keys and hashes have 32 bytes. */
export type AccountFact =
  | { readonly kind: 'genesis'; readonly identityKey: Uint8Array; readonly sealingKey: Uint8Array }
  | {
      readonly kind: 'device-add';
      readonly device: DeviceId;
      readonly signingKey: Uint8Array;
      readonly sealingKey: Uint8Array;
      /** The device's name, in a `device-name` box. */
      readonly name: Uint8Array;
    }
  | { readonly kind: 'device-revoke'; readonly device: DeviceId }
  /** A new version of the account record. */
  | { readonly kind: 'record'; readonly version: number; readonly hash: Uint8Array }
  /** A vault of this account, pinned by the hash of its first entry. */
  | { readonly kind: 'vault-add'; readonly vault: VaultId; readonly genesisHash: Uint8Array };

export interface AccountEvent {
  readonly account: AccountId;
  /** From 1. */
  readonly seq: number;
  /** Hash of the event before; zeros at seq 1. */
  readonly prevHash: Uint8Array;
  /** Microseconds since 1970 UTC, as the author claims. */
  readonly timeUs: number;
  readonly fact: AccountFact;
}

/** An event as it is stored and sent. */
export interface SignedAccountEvent {
  readonly event: Uint8Array;
  /** By the identity key. */
  readonly signature: Uint8Array;
  /** `device-add` only: by the new device's own key. */
  readonly deviceSignature: Uint8Array | null;
}

const maxAccountEventLength = 4096;
/** A box around a name of 1 to 128 bytes. */
const minSealedName = 72 + 1;
const maxSealedName = 72 + 128;

function factFields(fact: AccountFact): readonly [Cbor, Cbor, Cbor, Cbor] {
  switch (fact.kind) {
    case 'genesis':
      return [fact.identityKey, fact.sealingKey, null, null];
    case 'device-add':
      return [idBytes(fact.device), fact.signingKey, fact.sealingKey, fact.name];
    case 'device-revoke':
      return [idBytes(fact.device), null, null, null];
    case 'record':
      return [fact.version, fact.hash, null, null];
    case 'vault-add':
      return [idBytes(fact.vault), fact.genesisHash, null, null];
    default:
      return unreachable(fact);
  }
}

/** The exact bytes that are signed and hashed. */
export const encodeAccountEvent = (event: AccountEvent): Uint8Array =>
  encodeCbor([
    'account-event',
    suite,
    idBytes(event.account),
    event.seq,
    event.prevHash,
    event.timeUs,
    event.fact.kind,
    ...factFields(event.fact),
  ]);

/** Throws E_LIMIT, E_AUTH or E_DOWNGRADE. Says nothing about signatures or the chain. */
export function parseAccountEvent(bytes: Uint8Array): AccountEvent {
  const fields = decodeStructure(bytes, 'account-event', 11, maxAccountEventLength);
  return {
    account: idOf(fields[2]),
    seq: countOf(fields[3], 1),
    prevHash: hashOf(fields[4]),
    timeUs: integerOf(fields[5]),
    fact: parseFact(textOf(fields[6]), fields.slice(7)),
  };
}

function parseFact(kind: string, fields: readonly Cbor[]): AccountFact {
  const [a, b, c, d] = fields;
  const unused = (count: number): void => {
    if (fields.slice(4 - count).some((field) => field !== null)) throw notAuthentic();
  };
  switch (kind) {
    case 'genesis':
      unused(2);
      return { kind, identityKey: bytesOf(a, 32), sealingKey: bytesOf(b, 32) };
    case 'device-add':
      if (bytesOf(d).length < minSealedName || bytesOf(d).length > maxSealedName) throw notAuthentic();
      return { kind, device: idOf(a), signingKey: bytesOf(b, 32), sealingKey: bytesOf(c, 32), name: bytesOf(d) };
    case 'device-revoke':
      unused(3);
      return { kind, device: idOf(a) };
    case 'record':
      unused(2);
      return { kind, version: countOf(a, 1), hash: hashOf(b) };
    case 'vault-add':
      unused(2);
      return { kind, vault: idOf(a), genesisHash: hashOf(b) };
    default:
      throw notAuthentic();
  }
}

export const hashAccountEvent = (event: Uint8Array): Uint8Array => sha256(event);

/** `device` is given for `device-add`, and only then. */
export function signAccountEvent(event: Uint8Array, identity: SigningKey, device?: SigningKey): SignedAccountEvent {
  return {
    event,
    signature: signMessage('account-event', event, identity),
    deviceSignature: device === undefined ? null : signMessage('device-add', event, device),
  };
}

/** Whether the signatures are the identity key's and, for `device-add`, the new device's. */
export function isAccountEventSigned(signed: SignedAccountEvent, fact: AccountFact, identityKey: Uint8Array): boolean {
  if (!isSigned('account-event', signed.event, signed.signature, identityKey)) return false;
  if (fact.kind !== 'device-add') return signed.deviceSignature === null;
  return (
    signed.deviceSignature !== null && isSigned('device-add', signed.event, signed.deviceSignature, fact.signingKey)
  );
}
