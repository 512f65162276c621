import type { ObjectId, Random, VaultId } from '../common/ids.ts';
import type { SealedChunk } from '../crypto/chunk.ts';
import type { Author } from './author.ts';
import type { KeyRing } from './key-ring.ts';
import type { LogPosition } from './position.ts';
import type { StateRow } from './state-row.ts';

/** A checkpoint as the server keeps it. `pages`: ids of its page objects, sorted. */
export interface RawCheckpoint {
  readonly body: Uint8Array;
  readonly signature: Uint8Array;
  readonly box: Uint8Array;
  readonly pages: readonly ObjectId[];
}

/** Whether so much has been appended since the last checkpoint that a new one pays. */
export function isCheckpointDue(_since: { readonly entries: number; readonly bytes: number }): boolean {
  throw new Error('not yet');
}

/**
 * Writes the state at `position`: `storePage` gets one page after the other (to upload, before the checkpoint), so memory
 * stays at a page. Rows must be in order, and belong to `position` exactly.
 */
export async function writeCheckpoint(_input: {
  readonly position: LogPosition;
  readonly keyRing: KeyRing;
  readonly author: Author;
  readonly rows: Iterable<StateRow> | AsyncIterable<StateRow>;
  readonly storePage: (page: SealedChunk) => Promise<void>;
  readonly random: Random;
}): Promise<RawCheckpoint> {
  throw new Error('not yet');
}

/** The stateHash of the same rows, to compare with a checkpoint of the same seq (F-CKPT-2). */
export async function hashState(
  _vault: VaultId,
  _rows: Iterable<StateRow> | AsyncIterable<StateRow>,
): Promise<Uint8Array> {
  throw new Error('not yet');
}
