import { HoldfastError } from '../../common/errors.ts';
import type { VaultApi } from '../../remote/storage-api.ts';
import type { Author } from '../../vault/author.ts';
import { checkpointEpoch, type OpenedCheckpoint, openCheckpoint } from '../../vault/read-checkpoint.ts';
import type { RawCheckpoint } from '../../vault/write-checkpoint.ts';
import type { VaultLog } from './vault-log.ts';

/** More epochs than any account can have devices to remove (F-CHAIN-4). */
const maxEpochs = 16_384;

/** A checkpoint with the grants of all its epochs. */
export interface WithGrants {
  readonly opened: OpenedCheckpoint;
  readonly grants: ReadonlyMap<number, Uint8Array>;
}

/** Opens a checkpoint under that account chain, and fetches the grants that this takes. Throws as `openCheckpoint` does. */
export async function openWithGrants(
  storage: Pick<VaultApi, 'getGrants'>,
  log: VaultLog,
  chain: Author['chain'],
  raw: RawCheckpoint,
  signal: AbortSignal,
): Promise<WithGrants> {
  const { vault } = log.position;
  const last = checkpointEpoch(raw);
  if (last > maxEpochs) throw new HoldfastError('limit', 'The checkpoint names more keys than a vault can have.');
  const grants = new Map<number, Uint8Array>();
  const open = (): OpenedCheckpoint => openCheckpoint(vault, log.keyRing, chain, raw, grants);
  try {
    return { opened: open(), grants };
  } catch (error) {
    // Only for one whose author is good: nothing is asked for because a stranger says so.
    if (!(error instanceof HoldfastError) || error.reason !== 'grants') throw error;
  }
  for (let epoch = 1; epoch <= last; epoch++) {
    grants.set(epoch, await storage.getGrants(vault, epoch, { signal }));
  }
  return { opened: open(), grants };
}
