import { HoldfastError } from '../common/errors.ts';
import type { ObjectId } from '../common/ids.ts';
import { boxOverhead } from '../crypto/box.ts';
import { maxCiphertextLength } from '../crypto/entry-header.ts';
import { maxListedIds, sortedIds } from '../crypto/id-list.ts';
import type { Operation } from '../model/operation.ts';
import { maxOperations, operationLength, paddedLength } from './operation-codec.ts';

/** An operation to send, with the objects that it begins and ceases to need. */
export interface Draft {
  readonly operation: Operation;
  readonly retained: readonly ObjectId[];
  readonly released: readonly ObjectId[];
}

/** An operation that begins and ceases to need nothing. */
export const bareDraft = (operation: Operation): Draft => ({ operation, retained: [], released: [] });

/** What one entry says. Lists sorted, unique, without a common id. */
export interface EntryDraft {
  readonly operations: readonly Operation[];
  readonly retained: readonly ObjectId[];
  readonly released: readonly ObjectId[];
}

/** Name, suite, time, heads, and an epoch operation that a rotation may put in front. */
const frame = 96;

interface Group {
  readonly operations: Operation[];
  bytes: number;
  readonly retained: Set<ObjectId>;
  readonly released: Set<ObjectId>;
}

const newGroup = (): Group => ({ operations: [], bytes: frame, retained: new Set(), released: new Set() });

/**
 * Groups operations into entries, in order, within the limits of one entry (room for an epoch operation is left). Throws
 * `limit` (reason `file-too-large`) for an operation that fits in no entry.
 */
export function splitOperations(drafts: readonly Draft[]): EntryDraft[] {
  const groups: Group[] = [];
  let group = newGroup();
  for (const draft of drafts) {
    const bytes = operationLength(draft.operation);
    if (!fits(newGroup(), draft, bytes)) throw fileTooLarge();
    if (!fits(group, draft, bytes)) {
      groups.push(group);
      group = newGroup();
    }
    group.operations.push(draft.operation);
    group.bytes += bytes;
    for (const id of draft.retained) group.retained.add(id);
    for (const id of draft.released) group.released.add(id);
  }
  if (group.operations.length > 0) groups.push(group);
  return groups.map(({ operations, retained, released }) => ({
    operations,
    retained: sortedIds(retained),
    released: sortedIds(released),
  }));
}

/** Whether there can be an entry that begins to need these. */
export const fitsAnEntry = (retained: readonly ObjectId[]): boolean => retained.length <= maxListedIds;

export const fileTooLarge = (): HoldfastError =>
  new HoldfastError(
    'limit',
    'More than 250 GiB of this file are new, which no change can hold. Split it, or ignore it.',
    {
      reason: 'file-too-large',
    },
  );

/** An id in both lists would not say which came first, so that takes two entries. */
const fits = (group: Group, draft: Draft, bytes: number): boolean =>
  group.operations.length + 1 < maxOperations &&
  paddedLength(group.bytes + bytes) + boxOverhead <= maxCiphertextLength &&
  group.retained.size + draft.retained.length <= maxListedIds &&
  group.released.size + draft.released.length <= maxListedIds &&
  !draft.retained.some((id) => group.released.has(id)) &&
  !draft.released.some((id) => group.retained.has(id));
