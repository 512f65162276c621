import type { ObjectId } from '../common/ids.ts';
import type { Operation } from '../model/operation.ts';

/** An operation to send, with the objects that it begins and ceases to need. */
export interface Draft {
  readonly operation: Operation;
  readonly retained: readonly ObjectId[];
  readonly released: readonly ObjectId[];
}

/** What one entry says. Lists sorted, unique. */
export interface EntryDraft {
  readonly operations: readonly Operation[];
  readonly retained: readonly ObjectId[];
  readonly released: readonly ObjectId[];
}

/**
 * Groups operations into entries, in order, within the limits of one entry (room for an epoch operation is left). Throws
 * `limit` (reason `file-too-large`) for an operation that fits in no entry.
 */
export function splitOperations(_drafts: readonly Draft[]): EntryDraft[] {
  throw new Error('not yet');
}
