import { concat, isEqual, toHex } from '../common/bytes.ts';
import { HoldfastError, securityError } from '../common/errors.ts';
import { type DeviceId, idBytes, type VaultId } from '../common/ids.ts';
import { type AccountChain, isLiveAt, positionOf } from '../crypto/account-chain.ts';
import { openBox } from '../crypto/box.ts';
import { type CheckpointHeader, isCheckpointSigned, parseCheckpointHeader } from '../crypto/checkpoint-header.ts';
import { openChunk } from '../crypto/chunk.ts';
import { wipe } from '../crypto/constant-time.ts';
import { notAuthentic, overLimit } from '../crypto/failure.ts';
import { arrayOf, bytesOf, countOf, decodeStructure } from '../crypto/fields.ts';
import { hashIdList, sortedIds } from '../crypto/id-list.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { ChunkRef } from '../model/manifest.ts';
import type { AccountKeys } from './account-keys.ts';
import { type CheckpointState, decodeCheckpointState, maxCheckpointBox } from './checkpoint-state.ts';
import { emptyKeyRing, type KeyRing, missingGrants, openEpoch, openPinned } from './key-ring.ts';
import type { LogPosition } from './position.ts';
import { stateCheck } from './state-check.ts';
import { parseRow, type StateRow } from './state-row.ts';
import type { RawCheckpoint } from './write-checkpoint.ts';

/** A checkpoint whose signature and box are verified; its pages are not read yet. */
export interface OpenedCheckpoint {
  readonly position: LogPosition;
  readonly keyRing: KeyRing;
  readonly stateHash: Uint8Array;
  readonly pages: readonly ChunkRef[];
}

/** `openCheckpoint` needs the grants of epochs 1 to this one. Believes nothing of it. */
export const checkpointEpoch = (raw: RawCheckpoint): number => parseCheckpointHeader(raw.body).epoch;

/** Where it says that it is. Believes nothing of it. */
export const checkpointSeq = (raw: RawCheckpoint): number => parseCheckpointHeader(raw.body).seq;

/**
 * Checks and opens a checkpoint of `vault` (F-CKPT-1). Throws as replay does, reason `chain-stale` included; `missing` with
 * reason `grants` or, if its author was revoked since, `checkpoint-author`: then do without it.
 */
export function openCheckpoint(
  vault: VaultId,
  keys: Pick<AccountKeys, 'account' | 'sealing'>,
  chain: AccountChain,
  raw: RawCheckpoint,
  grants: ReadonlyMap<number, Uint8Array>,
): OpenedCheckpoint {
  const header = parseCheckpointHeader(raw.body);
  if (header.vault !== vault) throw notAuthentic();
  const accountPosition = checkAuthor(chain, header, raw);
  if (raw.box.length > maxCheckpointBox) throw overLimit();
  if (!isEqual(sha256(raw.box), header.boxHash) || !isEqual(hashIdList(raw.pages), header.objectsHash)) {
    throw notAuthentic();
  }
  const own = grants.get(header.epoch);
  if (own === undefined) throw missingGrants();
  const ring = emptyKeyRing(keys, vault);
  const { checkpoint } = openEpoch(ring, header.epoch, own);
  const context = [idBytes(vault), header.epoch, header.seq, header.head];
  const plain = openBox('checkpoint', checkpoint, context, raw.box);
  const state = decodeCheckpointState(plain);
  wipe(plain);
  checkState(state, header, chain, accountPosition, raw);
  const { stateHash, pages, ...rest } = state;
  return {
    position: { vault, seq: header.seq, head: toHex(header.head), ...rest, frozen: null },
    keyRing: openPinned(ring, state.epochs, grants),
    stateHash,
    pages,
  };
}

/** As F-REPLAY-2, and a live author: a device that was revoked could have written an old state that never was. */
function checkAuthor(chain: AccountChain, header: CheckpointHeader, raw: RawCheckpoint): number {
  const stranger = securityError('E_MEMBER', 'A checkpoint came from a device that may not write this vault.');
  if (header.account !== chain.account || !chain.vaults.has(header.vault)) throw stranger;
  const position = positionOf(chain, header.accountHead);
  if (position === null) {
    throw new HoldfastError(
      'security',
      'A checkpoint refers to a history of the account that this device does not know.',
      {
        security: 'E_MEMBER',
        reason: 'chain-stale',
      },
    );
  }
  const device = chain.devices.get(header.device);
  if (device === undefined || !isLiveAt(chain, header.device, position)) throw stranger;
  if (!isCheckpointSigned(raw.body, raw.signature, device.signingKey)) throw notAuthentic();
  if (!isLiveAt(chain, header.device, chain.position)) {
    throw new HoldfastError('missing', 'The checkpoint was written by a device that has been removed.', {
      reason: 'checkpoint-author',
    });
  }
  return position;
}

/** What body, box and chain must agree on. */
function checkState(
  state: CheckpointState,
  header: CheckpointHeader,
  chain: AccountChain,
  accountPosition: number,
  raw: RawCheckpoint,
): void {
  const seen = state.accounts.find((item) => item.account === header.account);
  const seqs = state.epochs.map((epoch) => epoch.seq);
  const entries = Object.values(state.deviceSeqs).reduce((sum, seq) => sum + seq, 0);
  const agrees =
    state.epochs.length === header.epoch &&
    seqs[0] === 1 &&
    seqs.every((seq, at) => seq <= header.seq && (at === 0 || seq > (seqs[at - 1] ?? 0))) &&
    entries === header.seq &&
    (Object.keys(state.deviceSeqs) as DeviceId[]).every((device) => chain.devices.has(device)) &&
    state.accounts.length === 1 &&
    seen !== undefined &&
    chain.positions.get(seen.head) === seen.position &&
    seen.position <= accountPosition &&
    state.epochs.every((epoch) => epoch.accountPosition <= seen.position);
  const listed = sortedIds(state.pages.map((page) => page.objectId));
  const listsAgree = listed.length === state.pages.length && listed.every((id, at) => id === raw.pages[at]);
  if (!agrees || !listsAgree || listed.length !== raw.pages.length) throw notAuthentic();
}

const maxPageBytes = 4 * 1024 * 1024;

/**
 * The rows of the state, a page at a time and in order. `fetchPage` gives the sealed object. They hold only when the
 * iteration ends without an error, since the last checks need all of them: apply them in one transaction or aside. Then go
 * on with entry seq + 1. Throws E_AUTH, E_DOWNGRADE, E_LIMIT, or what `fetchPage` throws.
 */
export async function* readState(
  checkpoint: OpenedCheckpoint,
  fetchPage: (page: ChunkRef) => Promise<Uint8Array>,
): AsyncGenerator<readonly StateRow[]> {
  const check = stateCheck(checkpoint.position.seq);
  const vault = idBytes(checkpoint.position.vault);
  const hashes: Uint8Array[] = [];
  for (const [index, ref] of checkpoint.pages.entries()) {
    const plain = openChunk(ref, await fetchPage(ref), 'state-page');
    hashes.push(sha256(plain));
    const fields = decodeStructure(plain, 'state-page', 5, maxPageBytes);
    wipe(plain);
    if (!isEqual(bytesOf(fields[2]), vault) || countOf(fields[3]) !== index) throw notAuthentic();
    const rows = arrayOf(fields[4]).map(parseRow);
    for (const row of rows) check.add(row);
    yield rows;
  }
  if (!isEqual(sha256(concat(...hashes)), checkpoint.stateHash)) throw notAuthentic();
  check.finish();
}

/** F-CKPT-2, for a device that has replayed to the same seq itself: `stateHash` is `hashState` of its own rows. Throws E_FORK. */
export function compareState(checkpoint: OpenedCheckpoint, position: LogPosition, stateHash: Uint8Array): void {
  const other = checkpoint.position;
  if (other.seq !== position.seq) return;
  const isSame =
    other.head === position.head && other.name === position.name && isEqual(checkpoint.stateHash, stateHash);
  if (!isSame) {
    throw securityError('E_FORK', 'A checkpoint tells another history of this vault than this device has replayed.');
  }
}
