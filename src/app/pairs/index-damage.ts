import { type HoldfastError, isKind } from '../../common/errors.ts';
import type { Index } from '../../db/index-port.ts';
import type { Pair } from '../../engine/pair.ts';
import type { PairStatus, SyncResult } from '../../model/status.ts';

/** The index is damaged, or its disk does not answer. */
export const isUnreadable = (error: unknown): error is HoldfastError => isKind(error, 'corrupt') || isKind(error, 'io');

/** Reads the whole index. */
export function isDamaged(index: Index | null): boolean {
  try {
    return index !== null && index.integrityCheck().length > 0;
  } catch (error) {
    // Of one that cannot be read, nobody knows.
    if (isUnreadable(error)) return error.kind === 'corrupt';
    throw error;
  }
}

/** Null: the index cannot say what became of it, for it is damaged. */
export async function resultOf(pair: Pair): Promise<SyncResult | null> {
  try {
    return await pair.sync({ isRetrying: true });
  } catch (error) {
    if (isKind(error, 'corrupt')) return null;
    throw error;
  }
}

/** Nothing that a person or the network can cause accounts for it. */
export const isUnexplained = (result: SyncResult, status: PairStatus): boolean =>
  result.held === 0 && result.issues === 0 && (status.state === 'needs-attention' || status.state === 'syncing');
