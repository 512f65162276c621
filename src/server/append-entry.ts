import type { VaultId } from '../common/ids.ts';
import type { Frame } from '../wire/frame.ts';
import { overQuota } from './failure.ts';
import { noVault } from './membership.ts';
import type { MetadataStore } from './metadata-store.ts';
import type { Objects } from './objects.ts';
import type { Appended, Author, Grace, LogResult, Vaults } from './vaults.ts';

interface AppendParts {
  readonly metadata: MetadataStore;
  readonly objects: Objects;
  readonly vaults: Vaults;
  readonly grace: Grace;
  readonly quota: number | null;
  readonly now: () => number;
}

export type AppendEntry = (
  author: Author,
  vault: VaultId,
  appended: Appended,
  frames: readonly Frame[],
) => Promise<LogResult>;

/** An entry together with new objects that it retains: stored before it, recorded with it; what is refused is not stored. */
export function createAppendEntry({ metadata, objects, vaults, grace, quota, now }: AppendParts): AppendEntry {
  return async (author, vault, appended, frames) => {
    const judged = await vaults.judge(author, vault, appended);
    if (judged.status === 'done') return judged;
    return objects.putWith(author.account, vault, frames, async (recorded) => {
      const outcome = await judged.append(recorded);
      // Who lost the swap comes again with the same objects.
      if (outcome.status !== 'done' && recorded.length > 0) {
        const unreferencedUntil = now() + grace.unreferenced;
        const { status } = await metadata.objects.add(vault, recorded, { quota, unreferencedUntil });
        if (status === 'missing') throw noVault();
        if (status === 'quota') throw overQuota();
      }
      return outcome;
    });
  };
}
