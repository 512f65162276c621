import type { AccountId, DeviceId, VaultId } from '../common/ids.ts';
import type { Freeze } from './freeze.ts';

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

/** Before the genesis entry. */
export function startOf(_vault: VaultId): LogPosition {
  throw new Error('not yet');
}

/** From storage. Throws `corrupt`. */
export function parsePosition(_value: unknown): LogPosition {
  throw new Error('not yet');
}

/** 0 before the genesis. */
export function epochOf(_position: LogPosition): number {
  throw new Error('not yet');
}

/** Checks where the server says that the log ends: E_ROLLBACK if before `position`, E_FORK if another entry is there. */
export function checkLogEnd(_position: LogPosition, _end: { readonly seq: number; readonly hash: Uint8Array }): void {
  throw new Error('not yet');
}

/** Eight words to compare with another device that is at the same seq. */
export function positionCode(_position: LogPosition): string {
  throw new Error('not yet');
}
