import type { AccountSession } from '../../../src/app/account/account-session.ts';
import type { VaultId } from '../../../src/common/ids.ts';
import { emptyKeyRing, type KeyRing } from '../../../src/vault/key-ring.ts';
import type { DecodedOperation } from '../../../src/vault/operation-codec.ts';
import { type LogPosition, startOf } from '../../../src/vault/position.ts';
import { beginsEpoch, openEntry, type RawEntry } from '../../../src/vault/replay.ts';
import { applyOperations } from '../../../src/vault/tree-rules.ts';
import { type MemoryVaultTree, memoryVaultTree } from '../../fakes/memory-vault-tree.ts';

export interface OpenedLog {
  readonly entries: readonly RawEntry[];
  readonly position: LogPosition;
  readonly ring: KeyRing;
  readonly operations: readonly DecodedOperation[];
  /** What came of it. */
  readonly tree: MemoryVaultTree;
}

/** A vault's log, replayed with the keys of this session. */
export async function openLog(session: AccountSession, vault: VaultId): Promise<OpenedLog> {
  let position = startOf(vault);
  let ring = emptyKeyRing(session.keys, vault);
  const operations: DecodedOperation[] = [];
  const tree = memoryVaultTree();
  const { entries } = await session.storage.getLog(vault, 0);
  for (const raw of entries) {
    const epoch = beginsEpoch(position, raw);
    const grants = epoch === null ? undefined : await session.storage.getGrants(vault, epoch);
    const opened = openEntry(position, ring, session.known().chain, raw, grants);
    ({ position, keyRing: ring } = opened);
    operations.push(...opened.operations);
    applyOperations(tree, opened.operations, opened.stamp);
  }
  return { entries, position, ring, operations, tree };
}
