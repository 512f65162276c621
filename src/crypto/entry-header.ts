import { type AccountId, type DeviceId, idBytes, type VaultId } from '../common/ids.ts';
import { encodeCbor } from './cbor.ts';
import { countOf, decodeStructure, hashOf, idOf } from './fields.ts';
import { suite } from './labels.ts';
import { sha256 } from './sha256.ts';
import { isSigned, type SigningKey, signMessage } from './sign.ts';

/** The signed part of a change-log entry (FORMAT.md 8.1). Hashes have 32 bytes. */
export interface EntryHeader {
  readonly vault: VaultId;
  readonly epoch: number;
  /** From 1. */
  readonly seq: number;
  /** Entry hash before; zeros at seq 1. */
  readonly prevHash: Uint8Array;
  readonly device: DeviceId;
  /** This device's entries in this vault, from 1. */
  readonly deviceSeq: number;
  /** Hash of the newest event of the author's account chain that the author knew. */
  readonly accountHead: Uint8Array;
  readonly ciphertextHash: Uint8Array;
  readonly retainedHash: Uint8Array;
  readonly releasedHash: Uint8Array;
  readonly account: AccountId;
}

const maxEntryHeaderLength = 512;
/** Most bytes of an entry's sealed operations. */
export const maxCiphertextLength = 1024 * 1024;

/** The exact bytes that are signed and hashed. */
export const encodeEntryHeader = (header: EntryHeader): Uint8Array =>
  encodeCbor([
    'entry',
    suite,
    idBytes(header.vault),
    header.epoch,
    header.seq,
    header.prevHash,
    idBytes(header.device),
    header.deviceSeq,
    header.accountHead,
    header.ciphertextHash,
    header.retainedHash,
    header.releasedHash,
    idBytes(header.account),
  ]);

/** Throws E_LIMIT, E_AUTH or E_DOWNGRADE. Says nothing about the signature. */
export function parseEntryHeader(bytes: Uint8Array): EntryHeader {
  const fields = decodeStructure(bytes, 'entry', 13, maxEntryHeaderLength);
  return {
    vault: idOf(fields[2]),
    epoch: countOf(fields[3], 1),
    seq: countOf(fields[4], 1),
    prevHash: hashOf(fields[5]),
    device: idOf(fields[6]),
    deviceSeq: countOf(fields[7], 1),
    accountHead: hashOf(fields[8]),
    ciphertextHash: hashOf(fields[9]),
    retainedHash: hashOf(fields[10]),
    releasedHash: hashOf(fields[11]),
    account: idOf(fields[12]),
  };
}

/** What the next entry's prevHash must be. */
export const hashEntry = (header: Uint8Array): Uint8Array => sha256(header);

export const signEntry = (header: Uint8Array, device: SigningKey): Uint8Array => signMessage('entry', header, device);

export const isEntrySigned = (header: Uint8Array, signature: Uint8Array, deviceKey: Uint8Array): boolean =>
  isSigned('entry', header, signature, deviceKey);
