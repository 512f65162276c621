import { type AccountId, type DeviceId, idBytes, type VaultId } from '../common/ids.ts';
import { encodeCbor } from './cbor.ts';
import { countOf, decodeStructure, hashOf, idOf } from './fields.ts';
import { suite } from './labels.ts';
import { isSigned, type SigningKey, signMessage } from './sign.ts';

/** The signed part of a checkpoint, all of it that a server can read (FORMAT.md 12). Hashes have 32 bytes. */
export interface CheckpointHeader {
  readonly vault: VaultId;
  readonly epoch: number;
  readonly seq: number;
  /** Hash of the entry at seq. */
  readonly head: Uint8Array;
  readonly device: DeviceId;
  readonly account: AccountId;
  readonly accountHead: Uint8Array;
  readonly boxHash: Uint8Array;
  /** As `hashIdList` of all page objects. */
  readonly objectsHash: Uint8Array;
}

export const encodeCheckpointHeader = (header: CheckpointHeader): Uint8Array =>
  encodeCbor([
    'checkpoint',
    suite,
    idBytes(header.vault),
    header.epoch,
    header.seq,
    header.head,
    idBytes(header.device),
    idBytes(header.account),
    header.accountHead,
    header.boxHash,
    header.objectsHash,
  ]);

/** Throws E_LIMIT, E_AUTH or E_DOWNGRADE. Says nothing about the signature. */
export function parseCheckpointHeader(bytes: Uint8Array): CheckpointHeader {
  const fields = decodeStructure(bytes, 'checkpoint', 11, 1024);
  return {
    vault: idOf(fields[2]),
    epoch: countOf(fields[3], 1),
    seq: countOf(fields[4], 1),
    head: hashOf(fields[5]),
    device: idOf(fields[6]),
    account: idOf(fields[7]),
    accountHead: hashOf(fields[8]),
    boxHash: hashOf(fields[9]),
    objectsHash: hashOf(fields[10]),
  };
}

export const signCheckpoint = (header: Uint8Array, device: SigningKey): Uint8Array =>
  signMessage('checkpoint', header, device);

export const isCheckpointSigned = (header: Uint8Array, signature: Uint8Array, deviceKey: Uint8Array): boolean =>
  isSigned('checkpoint', header, signature, deviceKey);
