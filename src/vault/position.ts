import { fromHex, toHex } from '../common/bytes.ts';
import { HoldfastError, must, securityError } from '../common/errors.ts';
import type { AccountId, DeviceId, VaultId } from '../common/ids.ts';
import { compareCode } from '../crypto/people-codes.ts';
import { type Freeze, parseFreeze } from './freeze.ts';
import { arrayIn, countIn, hashIn, idIn, objectIn, textIn } from './stored-json.ts';

/**
 * What a client has verified of a vault's log: all that the next entry is checked against. Plain JSON (hashes in hex);
 * stored in the transaction that applies the entry, and never inside a synced folder (F-REPLAY-8). Holds no secret but
 * the vault's name.
 */
export interface LogPosition {
  readonly vault: VaultId;
  /** Of the last entry applied; 0 before the genesis. */
  readonly seq: number;
  /** Its hash, hex. */
  readonly head: string;
  readonly name: string;
  readonly deviceSeqs: Readonly<Record<DeviceId, number>>;
  /** The newest account position seen in the log. */
  readonly accounts: readonly AccountPosition[];
  /** Ascending from 1; the last one is current. */
  readonly epochs: readonly EpochStart[];
  /** Set by a security stop, and by nobody cleared. */
  readonly frozen: Freeze | null;
}

export interface AccountPosition {
  readonly account: AccountId;
  readonly position: number;
  /** Hex. */
  readonly head: string;
}

export interface EpochStart {
  readonly epoch: number;
  /** Of the entry that began it. */
  readonly seq: number;
  /** Account position of that entry. */
  readonly accountPosition: number;
  /** Hex. */
  readonly grantsHash: string;
}

const zeros = toHex(new Uint8Array(32));

/** Before the genesis entry. */
export const startOf = (vault: VaultId): LogPosition => ({
  vault,
  seq: 0,
  head: zeros,
  name: '',
  deviceSeqs: {},
  accounts: [],
  epochs: [],
  frozen: null,
});

/** From storage. Throws `corrupt`. */
export function parsePosition(value: unknown): LogPosition {
  const stored = objectIn(value);
  const seqs = objectIn(stored['deviceSeqs']);
  const deviceSeqs: Record<DeviceId, number> = {};
  for (const [device, seq] of Object.entries(seqs)) deviceSeqs[idIn<DeviceId>(device)] = countIn(seq, 1);
  const position: LogPosition = {
    vault: idIn(stored['vault']),
    seq: countIn(stored['seq']),
    head: hashIn(stored['head']),
    name: textIn(stored['name']),
    deviceSeqs,
    accounts: arrayIn(stored['accounts']).map((item) => {
      const { account, position, head } = objectIn(item);
      return { account: idIn(account), position: countIn(position, 1), head: hashIn(head) };
    }),
    epochs: arrayIn(stored['epochs']).map((item, index) => {
      const { epoch, seq, accountPosition, grantsHash } = objectIn(item);
      if (epoch !== index + 1) throw new HoldfastError('corrupt', 'The stored position of a vault is damaged.');
      return {
        epoch,
        seq: countIn(seq, 1),
        accountPosition: countIn(accountPosition, 1),
        grantsHash: hashIn(grantsHash),
      };
    }),
    frozen: stored['frozen'] === null ? null : parseFreeze(stored['frozen']),
  };
  return position;
}

/** 0 before the genesis. */
export const epochOf = (position: LogPosition): number => position.epochs.length;

/** Checks where the server says that the log ends: E_ROLLBACK if before `position`, E_FORK if another entry is there. */
export function checkLogEnd(position: LogPosition, end: { readonly seq: number; readonly hash: Uint8Array }): void {
  if (end.seq < position.seq) {
    throw securityError('E_ROLLBACK', 'The server shows an older state of this vault than this device has seen.');
  }
  if (end.seq === position.seq && toHex(end.hash) !== position.head) {
    throw securityError('E_FORK', 'The server shows another history of this vault than this device has seen.');
  }
}

/** The newest place in a log that a device has ever verified. */
export interface PinnedPlace {
  readonly seq: number;
  /** Hex. */
  readonly head: string;
}

/** A client never accepts another history than it has seen, even if it lost all else of it: E_FORK. */
export function checkPinned(pinned: PinnedPlace | null, { seq, head }: PinnedPlace): void {
  if (pinned !== null && pinned.seq === seq && pinned.head !== head) {
    throw securityError('E_FORK', 'The server shows another history of this vault than before.');
  }
}

/** Eight words to compare with another device that is at the same seq. */
export const positionCode = (position: LogPosition): string =>
  compareCode(position.vault, position.seq, must(fromHex(position.head)));
