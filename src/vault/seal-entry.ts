import { fromHex, isEqual } from '../common/bytes.ts';
import { assert, HoldfastError, must } from '../common/errors.ts';
import type { ObjectId, Random } from '../common/ids.ts';
import { type AccountChain, hasRevocationBetween, isLiveAt } from '../crypto/account-chain.ts';
import { sealBox } from '../crypto/box.ts';
import { wipe } from '../crypto/constant-time.ts';
import {
  type EntryHeader,
  encodeEntryHeader,
  hashEntry,
  maxCiphertextLength,
  signEntry,
} from '../crypto/entry-header.ts';
import { hashIdList } from '../crypto/id-list.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Operation } from '../model/operation.ts';
import type { Author } from './author.ts';
import { assertNotFrozen } from './freeze.ts';
import { assertOwnKey, epochKeysOf, type KeyRing, newEpoch, withEpoch } from './key-ring.ts';
import { nextPosition } from './next-position.ts';
import { encodeOperations, maxOperations } from './operation-codec.ts';
import { epochOf, type LogPosition } from './position.ts';
import { entryContext, type OpenedEntry, type RawEntry } from './replay.ts';
import type { EntryDraft } from './split-operations.ts';

/** An entry to append, and what it opens to once the server took it. `grants` go with an entry that begins an epoch. */
export interface SealedEntry {
  readonly raw: RawEntry & { readonly retained: readonly ObjectId[]; readonly released: readonly ObjectId[] };
  readonly entryHash: Uint8Array;
  readonly grants: Uint8Array | null;
  readonly opened: OpenedEntry;
}

/** For a rotation that has nothing else to say. */
export const emptyDraft: EntryDraft = { operations: [], retained: [], released: [] };

/**
 * Whether the next entry has to begin a new epoch (F-EPOCH-3). `sealEntry` sees to it by itself; after a revocation, send
 * `emptyDraft` at once to every vault (F-EPOCH-4).
 */
export function needsRotation(position: LogPosition, chain: AccountChain): boolean {
  const current = position.epochs.at(-1);
  return current !== undefined && hasRevocationBetween(chain, current.accountPosition, chain.position);
}

/**
 * Seals and signs the entry that follows `position`. A loser of the compare-and-swap replays what it missed and calls
 * this again: a seal is for one place only (F-ENTRY-3). Throws `refused` (reason `device-revoked`), `conflict` (reason
 * `chain-stale`: fetch the account chain first), or the stop of a frozen vault.
 */
export function sealEntry(
  position: LogPosition,
  keyRing: KeyRing,
  author: Author,
  draft: EntryDraft,
  timeUs: number,
  random: Random,
): SealedEntry {
  assertNotFrozen(position);
  checkMaySign(position, author);
  const { vault } = position;
  const isBeginning = position.epochs.length === 0 || needsRotation(position, author.chain);
  const epoch = epochOf(position) + (isBeginning ? 1 : 0);
  const begun = isBeginning ? beginEpoch(keyRing, author, epoch, random) : null;
  const keys = begun?.keys ?? epochKeysOf(keyRing, epoch);
  const operations =
    begun === null ? draft.operations : withEpochOperation(position, draft.operations, epoch, begun.grants);
  assert(operations.length >= 1 && operations.length <= maxOperations, 'an entry has 1 to 4096 operations');

  const place = {
    vault,
    epoch,
    seq: position.seq + 1,
    prevHash: must(fromHex(position.head)),
    device: author.device,
  };
  const padded = encodeOperations(timeUs, operations);
  const ciphertext = sealBox('entry', keys.log, entryContext(place), padded, random);
  wipe(padded);
  assert(ciphertext.length <= maxCiphertextLength, 'the operations of an entry are too long');
  const header: EntryHeader = {
    ...place,
    deviceSeq: (position.deviceSeqs[author.device] ?? 0) + 1,
    accountHead: author.chain.head,
    ciphertextHash: sha256(ciphertext),
    retainedHash: hashIdList(draft.retained),
    releasedHash: hashIdList(draft.released),
    account: author.account,
  };
  const bytes = encodeEntryHeader(header);
  const entryHash = hashEntry(bytes);
  return {
    raw: {
      header: bytes,
      signature: signEntry(bytes, author.signing),
      ciphertext,
      retained: draft.retained,
      released: draft.released,
    },
    entryHash,
    grants: begun?.grants ?? null,
    opened: {
      position: nextPosition(position, header, entryHash, author.chain.position, operations),
      keyRing: begun === null ? keyRing : withEpoch(keyRing, epoch, begun.keys),
      header,
      operations,
      stamp: { seq: header.seq, timeUs, deviceId: author.device },
    },
  };
}

/** What readers will check, so that nothing is sent that they would refuse. */
function checkMaySign(position: LogPosition, { account, device, signing, chain }: Author): void {
  assert(chain.account === account, "the chain is not the author's");
  const seen = position.accounts.find((item) => item.account === account);
  assert(position.seq === 0 || seen !== undefined, 'the author is no member of this vault');
  if (chain.position < (seen?.position ?? 0)) {
    throw new HoldfastError('conflict', "The account's history on this device is older than the vault's.", {
      reason: 'chain-stale',
    });
  }
  const known = chain.devices.get(device);
  if (
    known === undefined ||
    !isLiveAt(chain, device, chain.position) ||
    !isEqual(known.signingKey, signing.publicKey)
  ) {
    throw new HoldfastError('refused', 'This device was removed from the account.', {
      reason: 'device-revoked',
      hint: 'Sign in again to add this device anew.',
    });
  }
}

function beginEpoch(keyRing: KeyRing, author: Author, epoch: number, random: Random): ReturnType<typeof newEpoch> {
  assertOwnKey(keyRing, author.chain);
  const member = { account: keyRing.account, sealingKey: keyRing.sealing.publicKey };
  return newEpoch({ vault: keyRing.vault, epoch }, [member], random);
}

/** First, but after the vault's name in the genesis. */
function withEpochOperation(
  position: LogPosition,
  operations: readonly Operation[],
  epoch: number,
  grants: Uint8Array,
): Operation[] {
  const operation: Operation = { type: 'epoch', epoch, grantsHash: sha256(grants) };
  const at = position.seq === 0 ? 1 : 0;
  return [...operations.slice(0, at), operation, ...operations.slice(at)];
}
