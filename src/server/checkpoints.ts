import { isEqual } from '../common/bytes.ts';
import type { Clock } from '../common/clock.ts';
import type { AccountId, ObjectId, VaultId } from '../common/ids.ts';
import { isLiveAt, positionOf } from '../crypto/account-chain.ts';
import { isCheckpointSigned, parseCheckpointHeader } from '../crypto/checkpoint-header.ts';
import { hashIdList } from '../crypto/id-list.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Checkpoint } from '../wire/types.ts';
import type { LoadChain } from './account-chains.ts';
import { failure, judged, malformed } from './failure.ts';
import { memberVault, noVault } from './membership.ts';
import type { MetadataStore } from './metadata-store.ts';
import type { Author, Grace } from './vaults.ts';

export type CheckpointResult =
  | { readonly status: 'done' }
  | { readonly status: 'objects-missing'; readonly missing: readonly ObjectId[] };

export interface Checkpoints {
  put(author: Author, vault: VaultId, checkpoint: Checkpoint): Promise<CheckpointResult>;
  latest(account: AccountId, vault: VaultId): Promise<Checkpoint>;
}

export function createCheckpoints(
  metadata: MetadataStore,
  loadChain: LoadChain,
  clock: Clock,
  grace: Grace,
): Checkpoints {
  const { vaults } = metadata;

  return {
    put: async ({ account, device }, vault, checkpoint) => {
      await memberVault(vaults, account, vault);
      const { body, signature, box, pages } = checkpoint;
      const header = judged('checkpoint', () => parseCheckpointHeader(body));
      const chain = await loadChain(account);
      const key = chain?.devices.get(device)?.signingKey;
      if (header.vault !== vault || header.account !== account || header.device !== device)
        throw malformed('checkpoint');
      if (chain === null || key === undefined || !isLiveAt(chain, device, chain.position)) {
        throw failure('refused', 'device', 'This device is not part of the account any more.');
      }
      if (positionOf(chain, header.accountHead) === null) throw malformed('account head of the checkpoint');
      if (!isCheckpointSigned(body, signature, key)) {
        throw failure('refused', 'signature', 'The checkpoint’s signature is not this device’s.');
      }
      const isWhole = judged(
        'checkpoint',
        () => isEqual(sha256(box), header.boxHash) && isEqual(hashIdList(pages), header.objectsHash),
      );
      const there = await vaults.entryHash(vault, header.seq);
      if (!isWhole || there === null || !isEqual(there, header.head)) throw malformed('checkpoint');
      const result = await vaults.putCheckpoint(vault, header.seq, checkpoint, clock.now() + grace.released);
      if (result.status === 'objects-missing') return result;
      if (result.status === 'missing') throw noVault();
      if (result.status === 'done') return { status: 'done' };
      const latest = await vaults.checkpoint(vault);
      if (latest !== null && isEqual(latest.body, body)) return { status: 'done' };
      throw failure('conflict', 'checkpoint-old', 'There is a checkpoint of this or a later entry already.');
    },
    latest: async (account, vault) => {
      await memberVault(vaults, account, vault);
      const checkpoint = await vaults.checkpoint(vault);
      if (checkpoint === null) throw failure('missing', 'checkpoint', 'This vault has no checkpoint yet.');
      return checkpoint;
    },
  };
}
