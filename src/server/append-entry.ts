import type { VaultId } from '../common/ids.ts';
import type { Frame } from '../wire/frame.ts';
import type { MetadataStore } from './metadata-store.ts';
import type { Objects } from './objects.ts';
import type { Appended, Author, Grace, LogResult, Vaults } from './vaults.ts';

export interface AppendParts {
  readonly metadata: MetadataStore;
  readonly objects: Objects;
  readonly vaults: Vaults;
  readonly grace: Grace;
  readonly now: () => number;
}

export type AppendEntry = (
  author: Author,
  vault: VaultId,
  appended: Omit<Appended, 'objects'>,
  frames: readonly Frame[],
) => Promise<LogResult>;

/** An entry together with new objects that it retains: stored before it, recorded with it. */
export function createAppendEntry({ metadata, objects, vaults, grace, now }: AppendParts): AppendEntry {
  return (author, vault, appended, frames) =>
    objects.putWith(author.account, vault, frames, async (recorded) => {
      const outcome = await vaults.append(author, vault, { ...appended, objects: recorded });
      // Who lost the swap comes again with the same objects.
      if (outcome.status !== 'done' && recorded.length > 0) {
        const unreferencedUntil = now() + grace.unreferenced;
        await metadata.objects.add(vault, recorded, { quota: null, unreferencedUntil });
      }
      return outcome;
    });
}
