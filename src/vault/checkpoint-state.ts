import { fromHex, toHex } from '../common/bytes.ts';
import { must } from '../common/errors.ts';
import { type DeviceId, idBytes } from '../common/ids.ts';
import { nameFault } from '../common/name.ts';
import { type Cbor, encodeCbor } from '../crypto/cbor.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { arrayOf, countOf, decodeStructure, hashOf, idOf, textOf } from '../crypto/fields.ts';
import { suite } from '../crypto/labels.ts';
import type { ChunkRef } from '../model/manifest.ts';
import { hasUsableLength, parseRef, refFields } from './chunk-ref-codec.ts';
import type { AccountPosition, EpochStart, LogPosition } from './position.ts';

/** What is in the box of a checkpoint (FORMAT.md 12): the position, but for what the signed body says, and the pages. */
export interface CheckpointState extends Pick<LogPosition, 'name' | 'deviceSeqs' | 'accounts' | 'epochs'> {
  readonly stateHash: Uint8Array;
  readonly pages: readonly ChunkRef[];
}

export const maxCheckpointBox = 4 * 1024 * 1024;

export function encodeCheckpointState(state: CheckpointState): Uint8Array {
  const bytes = (hex: string): Uint8Array => must(fromHex(hex));
  const devices = (Object.entries(state.deviceSeqs) as [DeviceId, number][]).sort(([a], [b]) => (a < b ? -1 : 1));
  return encodeCbor([
    'checkpoint-state',
    suite,
    state.name,
    devices.map(([device, seq]) => [idBytes(device), seq]),
    state.accounts.map(({ account, position, head }) => [idBytes(account), position, bytes(head)]),
    state.epochs.map(({ epoch, seq, accountPosition, grantsHash }) => [epoch, seq, accountPosition, bytes(grantsHash)]),
    state.stateHash,
    state.pages.map(refFields),
  ]);
}

/** Throws E_AUTH, E_DOWNGRADE or E_LIMIT. */
export function decodeCheckpointState(plain: Uint8Array): CheckpointState {
  const fields = decodeStructure(plain, 'checkpoint-state', 8, maxCheckpointBox);
  const pages = arrayOf(fields[7]).map(parseRef);
  const name = textOf(fields[2]);
  // None yet, or one that an operation could have given.
  if (!pages.every(hasUsableLength) || (name !== '' && nameFault(name) !== null)) throw notAuthentic();
  return {
    name,
    deviceSeqs: parseDevices(fields[3]),
    accounts: parseAccounts(fields[4]),
    epochs: parseEpochs(fields[5]),
    stateHash: hashOf(fields[6]),
    pages,
  };
}

function parseDevices(value: Cbor | undefined): Record<DeviceId, number> {
  const seqs: Record<DeviceId, number> = {};
  let last = '';
  for (const item of arrayOf(value)) {
    const [id, seq] = arrayOf(item, 2);
    const device = idOf<DeviceId>(id);
    if (device <= last) throw notAuthentic();
    last = device;
    seqs[device] = countOf(seq, 1);
  }
  return seqs;
}

function parseAccounts(value: Cbor | undefined): AccountPosition[] {
  const accounts = arrayOf(value).map((item): AccountPosition => {
    const [account, position, head] = arrayOf(item, 3);
    return { account: idOf(account), position: countOf(position, 1), head: toHex(hashOf(head)) };
  });
  if (accounts.some((item, at) => at > 0 && item.account <= (accounts[at - 1]?.account ?? ''))) throw notAuthentic();
  return accounts;
}

function parseEpochs(value: Cbor | undefined): EpochStart[] {
  return arrayOf(value).map((item, at) => {
    const [epoch, seq, accountPosition, grantsHash] = arrayOf(item, 4);
    if (epoch !== at + 1) throw notAuthentic();
    return {
      epoch,
      seq: countOf(seq, 1),
      accountPosition: countOf(accountPosition, 1),
      grantsHash: toHex(hashOf(grantsHash)),
    };
  });
}
