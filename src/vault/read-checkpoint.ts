import type { VaultId } from '../common/ids.ts';
import type { AccountChain } from '../crypto/account-chain.ts';
import type { ChunkRef } from '../model/manifest.ts';
import type { AccountKeys } from './account-keys.ts';
import type { KeyRing } from './key-ring.ts';
import type { LogPosition } from './position.ts';
import type { StateRow } from './state-row.ts';
import type { RawCheckpoint } from './write-checkpoint.ts';

/** A checkpoint whose signature and box are verified; its pages are not read yet. */
export interface OpenedCheckpoint {
  readonly position: LogPosition;
  readonly keyRing: KeyRing;
  readonly stateHash: Uint8Array;
  readonly pages: readonly ChunkRef[];
}

/** Epochs 1 to this one: whose grants `openCheckpoint` needs. Believes nothing of it. */
export function checkpointEpoch(_raw: RawCheckpoint): number {
  throw new Error('not yet');
}

/**
 * Checks and opens a checkpoint of `vault` (F-CKPT-1). Throws as replay does; `missing` with reason `grants` or, if its
 * author was revoked since, `checkpoint-author`: then do without it.
 */
export function openCheckpoint(
  _vault: VaultId,
  _keys: AccountKeys,
  _chain: AccountChain,
  _raw: RawCheckpoint,
  _grants: ReadonlyMap<number, Uint8Array>,
): OpenedCheckpoint {
  throw new Error('not yet');
}

/**
 * The rows of the state, a page at a time and in order. They hold only when the iteration ends without an error: the last
 * checks need all of them, so apply them in one transaction or aside. Then go on with entry seq + 1.
 */
export async function* readState(
  _checkpoint: OpenedCheckpoint,
  _fetchPage: (page: ChunkRef) => Promise<Uint8Array>,
): AsyncGenerator<readonly StateRow[]> {
  yield await Promise.reject(new Error('not yet'));
}

/** F-CKPT-2: this device's own state at the same position. Throws E_FORK. */
export function compareState(_checkpoint: OpenedCheckpoint, _position: LogPosition, _stateHash: Uint8Array): void {
  throw new Error('not yet');
}
