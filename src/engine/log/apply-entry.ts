import { must } from '../../common/errors.ts';
import type { IndexReader, IndexWriter } from '../../db/index-port.ts';
import type { SyncedNode } from '../../model/node.ts';
import type { DecodedOperation } from '../../vault/operation-codec.ts';
import type { OpenedEntry } from '../../vault/replay.ts';
import { type AppliedOperation, applyOperation } from '../../vault/tree-rules.ts';
import type { VaultTree } from '../../vault/vault-tree.ts';
import { batchChanges, encodeChanges } from '../batch-journal.ts';
import { noteBadNames } from './bad-names.ts';
import { type IndexTreeOptions, indexTree } from './index-tree.ts';

export interface ApplyOptions extends Pick<IndexTreeOptions, 'crypto' | 'sealedAhead' | 'onTouched'> {
  /** See `indexTree`, of the nodes that an operation changes. */
  readonly agreed?: ((operation: DecodedOperation, synced: SyncedNode | null) => SyncedNode | null) | undefined;
  /** The vault's tree as it is before the entry, as far as it was read already. */
  readonly tree?: VaultTree | undefined;
}

/** Brings the index to what the entry says, and notes what changed, for activity and undo. Within one transaction. */
export function applyEntry(
  { read, write }: { readonly read: IndexReader; readonly write: IndexWriter },
  entry: Pick<OpenedEntry, 'operations' | 'stamp'>,
  nowMs: number,
  { agreed, tree: over, ...options }: ApplyOptions,
): AppliedOperation[] {
  let [now] = entry.operations;
  const tree = indexTree(read, write, {
    ...options,
    agreed: agreed && ((synced) => agreed(must(now), synced)),
    over,
  });
  const applied = entry.operations.map((operation) => {
    now = operation;
    return applyOperation(tree, operation, entry.stamp);
  });
  const { seq, timeUs, deviceId } = entry.stamp;
  const changes = batchChanges(applied);
  if (changes.length > 0) {
    const ops = encodeChanges(changes);
    write.addBatch({ id: String(seq), seq, deviceId, time: Math.floor(timeUs / 1000), ops });
  }
  noteBadNames(write, read, entry, applied, nowMs);
  return applied;
}
