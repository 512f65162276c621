import { isEqual, toHex } from '../common/bytes.ts';
import { HoldfastError, securityError } from '../common/errors.ts';
import { idBytes, type ObjectId } from '../common/ids.ts';
import { type AccountChain, hasRevocationBetween, isLiveAt, positionOf } from '../crypto/account-chain.ts';
import { openBox } from '../crypto/box.ts';
import { wipe } from '../crypto/constant-time.ts';
import {
  type EntryHeader,
  hashEntry,
  isEntrySigned,
  maxCiphertextLength,
  parseEntryHeader,
} from '../crypto/entry-header.ts';
import { notAuthentic, overLimit } from '../crypto/failure.ts';
import { hashIdList } from '../crypto/id-list.ts';
import { sha256 } from '../crypto/sha256.ts';
import { assertNotFrozen } from './freeze.ts';
import { epochKeysOf, type KeyRing, missingGrants, notPinned, openEpoch, withEpoch } from './key-ring.ts';
import { nextPosition } from './next-position.ts';
import { type DecodedOperation, decodeOperations, type Operations } from './operation-codec.ts';
import { epochOf, type LogPosition } from './position.ts';
import type { Stamp } from './vault-tree.ts';

/** An entry as the server gives it; the lists null when they were not asked for. */
export interface RawEntry {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly retained: readonly ObjectId[] | null;
  readonly released: readonly ObjectId[] | null;
}

/** A verified entry. `position` and `keyRing` hold once the operations are applied, in one transaction. */
export interface OpenedEntry {
  readonly position: LogPosition;
  readonly keyRing: KeyRing;
  readonly header: EntryHeader;
  readonly operations: readonly DecodedOperation[];
  /** For `applyOperations`. */
  readonly stamp: Stamp;
}

/**
 * Checks the entry that follows `position` (FORMAT.md 10, in that order) and opens it. `chain`: the author's account
 * chain, verified and as new as the server gives. `grants`: of the epoch that this entry begins (`beginsEpoch`).
 * Throws a `security` error with the class of FORMAT.md, which freezes the vault (reason `chain-stale` where the account
 * head is unknown: fetch the chain anew, once, before believing it); `missing` (reason `grants`); or `version`.
 */
export function openEntry(
  position: LogPosition,
  keyRing: KeyRing,
  chain: AccountChain,
  raw: RawEntry,
  grants?: Uint8Array,
): OpenedEntry {
  assertNotFrozen(position);
  const header = checkedHeader(position, raw);
  const accountPosition = checkAuthor(position, chain, header, raw);
  checkEpoch(position, chain, header, accountPosition);
  const entryHash = hashEntry(raw.header);
  checkPlace(position, chain, header, entryHash);
  checkHashes(header, raw);

  const isBeginning = header.epoch > epochOf(position);
  if (isBeginning && grants === undefined) throw missingGrants();
  const keys =
    isBeginning && grants !== undefined ? openEpoch(keyRing, header.epoch, grants) : epochKeysOf(keyRing, header.epoch);
  const { timeUs, operations } = openOperations(header, keys.log, raw.ciphertext);
  checkEpochOperations(header, isBeginning, operations, grants);
  return {
    position: nextPosition(position, header, entryHash, accountPosition, operations),
    keyRing: isBeginning ? withEpoch(keyRing, header.epoch, keys) : keyRing,
    header,
    operations,
    stamp: { seq: header.seq, timeUs, deviceId: header.device },
  };
}

/** The epoch whose grants `openEntry` will need for this entry; null for most. Believes nothing of it. */
export function beginsEpoch(position: LogPosition, raw: RawEntry): number | null {
  const { epoch } = parseEntryHeader(raw.header);
  return epoch === epochOf(position) + 1 ? epoch : null;
}

/** F-REPLAY-1. */
function checkedHeader(position: LogPosition, raw: RawEntry): EntryHeader {
  if (raw.ciphertext.length > maxCiphertextLength) throw overLimit();
  const header = parseEntryHeader(raw.header);
  if (header.vault !== position.vault) throw notAuthentic();
  return header;
}

/** F-REPLAY-2. Returns the account position of the entry. */
function checkAuthor(position: LogPosition, chain: AccountChain, header: EntryHeader, raw: RawEntry): number {
  const isMember = position.seq === 0 || position.accounts.some((item) => item.account === header.account);
  if (header.account !== chain.account || !isMember) {
    throw securityError('E_MEMBER', 'A change came from an account that is no member of this vault.');
  }
  if (!chain.vaults.has(position.vault)) {
    throw securityError('E_MEMBER', "The server shows a vault that is not in the account's history.");
  }
  const at = positionOf(chain, header.accountHead);
  if (at === null) {
    throw new HoldfastError('security', 'A change refers to a history of the account that this device does not know.', {
      security: 'E_MEMBER',
      reason: 'chain-stale',
    });
  }
  const seen = position.accounts.find((item) => item.account === header.account)?.position ?? 0;
  const device = chain.devices.get(header.device);
  if (at < seen || device === undefined || !isLiveAt(chain, header.device, at)) {
    throw securityError('E_MEMBER', 'A change came from a device that is unknown or was removed.');
  }
  if (!isEntrySigned(raw.header, raw.signature, device.signingKey)) throw notAuthentic();
  return at;
}

/** F-REPLAY-3: F-EPOCH-2 and F-EPOCH-3. */
function checkEpoch(position: LogPosition, chain: AccountChain, header: EntryHeader, accountPosition: number): void {
  const current = position.epochs.at(-1);
  if (header.epoch === (current?.epoch ?? 0) + 1) return;
  const isCurrent = current !== undefined && header.epoch === current.epoch;
  if (!isCurrent || hasRevocationBetween(chain, current.accountPosition, accountPosition)) {
    throw securityError('E_MEMBER', 'A change was sealed with a vault key that is not the current one.');
  }
}

/** F-REPLAY-4 and F-REPLAY-5; F-CHAIN-5 for the genesis. */
function checkPlace(position: LogPosition, chain: AccountChain, header: EntryHeader, entryHash: Uint8Array): void {
  if (header.seq !== position.seq + 1 || toHex(header.prevHash) !== position.head) {
    throw securityError('E_FORK', 'A change does not follow the history that this device has seen.');
  }
  const pinned = chain.vaults.get(position.vault);
  if (header.seq === 1 && (pinned === undefined || !isEqual(pinned, entryHash))) {
    throw securityError('E_FORK', 'The vault does not begin as the account says that it does.');
  }
  if (header.deviceSeq !== (position.deviceSeqs[header.device] ?? 0) + 1) {
    throw securityError('E_FORK', 'A change of a device is missing, or was given twice.');
  }
}

/** F-REPLAY-6, before the box; F-ENTRY-1 for the lists. */
function checkHashes(header: EntryHeader, raw: RawEntry): void {
  const { retained, released } = raw;
  if (!isEqual(sha256(raw.ciphertext), header.ciphertextHash)) throw notAuthentic();
  if (retained !== null && !isEqual(hashIdList(retained), header.retainedHash)) throw notAuthentic();
  if (released !== null && !isEqual(hashIdList(released), header.releasedHash)) throw notAuthentic();
  if (retained === null || released === null) return;
  const begun = new Set(retained);
  if (released.some((id) => begun.has(id))) throw notAuthentic();
}

/** F-REPLAY-6, the box, and F-REPLAY-7. */
function openOperations(header: EntryHeader, logKey: Uint8Array, ciphertext: Uint8Array): Operations {
  const padded = openBox('entry', logKey, entryContext(header), ciphertext);
  const operations = decodeOperations(padded);
  wipe(padded);
  return operations;
}

/** Where the box of an entry belongs. */
export const entryContext = (header: Pick<EntryHeader, 'vault' | 'epoch' | 'seq' | 'prevHash' | 'device'>) => [
  idBytes(header.vault),
  header.epoch,
  header.seq,
  header.prevHash,
  idBytes(header.device),
];

/** Section 9: where an epoch operation has to be, and that it pins the grants under which the entry opened. */
function checkEpochOperations(
  header: EntryHeader,
  isBeginning: boolean,
  operations: readonly DecodedOperation[],
  grants: Uint8Array | undefined,
): void {
  const place = !isBeginning ? -1 : header.seq === 1 ? 1 : 0;
  const isPlaced = operations.every((operation, at) => (operation.type === 'epoch') === (at === place));
  const begun = operations[place];
  const hasName = header.seq !== 1 || operations[0]?.type === 'vault';
  if (!isPlaced || !hasName || (isBeginning && begun === undefined)) {
    throw securityError('E_MEMBER', 'A change begins or omits a vault key where it may not.');
  }
  if (begun?.type !== 'epoch') return;
  if (begun.epoch !== header.epoch || grants === undefined || !isEqual(begun.grantsHash, sha256(grants))) {
    throw notPinned();
  }
}
