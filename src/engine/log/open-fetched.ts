import { HoldfastError } from '../../common/errors.ts';
import type { StorageApi } from '../../remote/storage-api.ts';
import type { Author } from '../../vault/author.ts';
import type { KeyRing } from '../../vault/key-ring.ts';
import type { LogPosition } from '../../vault/position.ts';
import { beginsEpoch, type OpenedEntry, openEntry, type RawEntry } from '../../vault/replay.ts';

interface ChainSource {
  author(): Author;
  refresh(signal?: AbortSignal): Promise<Author>;
}

/** What `open` gives under the account chain that is known or, if that is too old for it, under the newest. */
export async function underNewestChain<T>(
  account: ChainSource,
  open: (author: Author) => T | Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await open(account.author());
  } catch (error) {
    if (!(error instanceof HoldfastError) || error.reason !== 'chain-stale') throw error;
    return open(await account.refresh(signal));
  }
}

export interface FetchParts {
  readonly account: ChainSource;
  readonly storage: Pick<StorageApi, 'getGrants'>;
  readonly signal: AbortSignal;
}

/**
 * Opens an entry that the server gave, and fetches what that takes: the newest account chain, the grants of an epoch that it
 * begins, which are given back. Throws as `openEntry` does.
 */
export async function openFetched(
  { account, storage, signal }: FetchParts,
  at: LogPosition,
  ring: KeyRing,
  raw: RawEntry,
): Promise<{ readonly opened: OpenedEntry; readonly grants: Uint8Array | undefined }> {
  let grants: Uint8Array | undefined;
  const open = ({ chain }: Author): OpenedEntry => openEntry(at, ring, chain, raw, grants);
  const openUnderChain = (): Promise<OpenedEntry> => underNewestChain(account, open, signal);
  const epoch = beginsEpoch(at, raw);
  try {
    return { opened: await openUnderChain(), grants };
  } catch (error) {
    // Only for an entry whose author and place are good: nothing is asked for because a stranger says so.
    if (epoch === null || !(error instanceof HoldfastError) || error.reason !== 'grants') throw error;
    grants = await storage.getGrants(at.vault, epoch, { signal });
    return { opened: await openUnderChain(), grants };
  }
}
