import { isEqual } from '../common/bytes.ts';
import type { Clock } from '../common/clock.ts';
import type { AccountId, DeviceId, ObjectId, VaultId } from '../common/ids.ts';
import { hashEntry, parseEntryHeader } from '../crypto/entry-header.ts';
import { maxConflictBytes, maxPageBytes, maxPageCount, maxVaultsPerAccount } from '../wire/limits.ts';
import type { Entry, Head, SignedEvent, StoredEntry, VaultSummary } from '../wire/types.ts';
import type { LoadChain } from './account-chains.ts';
import { type Accounts, type ChainMoved, headOf } from './accounts.ts';
import { failure, judged, malformed, overQuota } from './failure.ts';
import type { Hub } from './hub.ts';
import { judgeEntry } from './judge-entry.ts';
import { memberVault, noAccount, noVault } from './membership.ts';
import type { MetadataStore, NewObject, VaultState } from './metadata-store.ts';

export interface Author {
  readonly account: AccountId;
  readonly device: DeviceId;
}

export interface Appended {
  readonly entry: Entry;
  readonly grants: Uint8Array | null;
}

export type LogResult =
  | { readonly status: 'done'; readonly head: Head }
  | { readonly status: 'moved'; readonly head: Head; readonly entries: readonly StoredEntry[] }
  | { readonly status: 'objects-missing'; readonly missing: readonly ObjectId[] };

/** An entry that is there already, or what appends it, together with objects that came with it. */
type Judged =
  | { readonly status: 'done'; readonly head: Head }
  | { readonly status: 'new'; append(objects: readonly NewObject[]): Promise<LogResult> };

type CreateResult = { readonly status: 'done'; readonly head: Head; readonly chain: Head } | ChainMoved;

/** Milliseconds that objects are kept for after nothing needs them. */
export interface Grace {
  readonly released: number;
  /** Uploaded, and retained by nothing yet. */
  readonly unreferenced: number;
}

export interface Vaults {
  create(author: Author, entry: Entry, grants: Uint8Array, event: SignedEvent): Promise<CreateResult>;
  list(account: AccountId): Promise<VaultSummary[]>;
  /** The vault is gone when it resolves, its bytes are given back to the quota; all that it stored is collected after. */
  remove(account: AccountId, vault: VaultId): Promise<void>;
  log(
    account: AccountId,
    vault: VaultId,
    query: { after: number; bytes: number | undefined; count: number | undefined; withLists: boolean },
  ): Promise<{ entries: StoredEntry[]; head: Head; isLast: boolean }>;
  /** Throws if the entry is refused. */
  judge(author: Author, vault: VaultId, appended: Appended): Promise<Judged>;
  grants(account: AccountId, vault: VaultId, epoch: number): Promise<Uint8Array>;
}

const zeros = new Uint8Array(32);

interface VaultParts {
  readonly metadata: MetadataStore;
  readonly accounts: Accounts;
  readonly loadChain: LoadChain;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly grace: Grace;
  readonly quota: number | null;
}

export function createVaults({ metadata, accounts, loadChain, hub, clock, grace, quota }: VaultParts): Vaults {
  const { vaults } = metadata;

  async function moved(state: VaultState, fromSeq: number): Promise<LogResult> {
    const limit = { maxBytes: maxConflictBytes, maxCount: 100 };
    const entries = await vaults.entries(state.vault, fromSeq - 1, limit, false);
    const { head } = await memberVault(vaults, state.account, state.vault);
    const isAll = fromSeq + entries.length - 1 === head.seq;
    const bytes = entries.reduce((sum, { ciphertext }) => sum + ciphertext.length, 0);
    return { status: 'moved', head, entries: isAll && bytes <= maxConflictBytes ? entries : [] };
  }

  async function chainOf(account: AccountId) {
    const chain = await loadChain(account);
    if (chain === null) throw noAccount();
    return chain;
  }

  return {
    create: async ({ account, device }, entry, grants, event) => {
      const header = judged('entry', () => parseEntryHeader(entry.header));
      const hash = hashEntry(entry.header);
      const placed = await accounts.place(account, event);
      if (placed.status === 'same') {
        const state = await memberVault(vaults, account, header.vault);
        const genesis = await vaults.entryHash(state.vault, 1);
        if (genesis === null || !isEqual(genesis, hash)) throw malformed('vault: its event names another entry');
        return { status: 'done', head: { seq: 1, hash }, chain: placed.head };
      }
      if (placed.status === 'moved') return placed;
      const { fact } = placed.event;
      if (fact.kind !== 'vault-add' || fact.vault !== header.vault || !isEqual(fact.genesisHash, hash)) {
        throw malformed('vault: its event names another entry');
      }
      const isGenesis = header.seq === 1 && header.epoch === 1 && isEqual(header.prevHash, zeros);
      if (!isGenesis || entry.retained.length > 0 || entry.released.length > 0) throw malformed('first entry');
      if ((await vaults.ofAccount(account)).length >= maxVaultsPerAccount) {
        throw failure('limit', 'count', 'This account has as many vaults as it may have.');
      }
      const row = judgeEntry(header, entry, grants, {
        vault: header.vault,
        account,
        device,
        chain: await chainOf(account),
        epoch: 0,
        epochPosition: 0,
        accountPosition: 0,
        deviceSeq: 0,
      });
      const status = await vaults.create(placed.change, header.vault, row, clock.now());
      if (status === 'exists') throw failure('conflict', 'exists', 'There is a vault with this id already.');
      if (status === 'moved') return accounts.moved(account, placed.event.seq);
      hub.publish(account, { type: 'account', seq: placed.event.seq });
      hub.publish(account, { type: 'vault', vault: header.vault, seq: 1 });
      return { status: 'done', head: { seq: 1, hash }, chain: headOf(placed.chain) };
    },
    list: async (account) =>
      (await vaults.ofAccount(account)).map(({ vault, head, epoch, objects, bytes, checkpointSeq }) => ({
        vault,
        head,
        epoch,
        objects,
        bytes,
        checkpointSeq,
      })),
    remove: async (account, vault) => {
      const state = await vaults.state(vault);
      if ((await vaults.remove(account, vault)) === 'missing') {
        // What was deleted already is, as when it is said again after a lost answer.
        if ((await chainOf(account)).vaults.has(vault)) return;
        throw noVault();
      }
      // So that other devices ask, and are told.
      hub.publish(account, { type: 'vault', vault, seq: (state?.head.seq ?? 0) + 1 });
    },
    log: async (account, vault, { after, bytes, count, withLists }) => {
      const { head } = await memberVault(vaults, account, vault);
      const limit = {
        maxBytes: Math.min(bytes ?? maxPageBytes, maxPageBytes),
        maxCount: Math.min(count ?? maxPageCount, maxPageCount),
      };
      const entries = await vaults.entries(vault, after, limit, withLists);
      return { entries, head, isLast: after + entries.length >= head.seq };
    },
    judge: async ({ account, device }, vault, { entry, grants }) => {
      const state = await memberVault(vaults, account, vault);
      const header = judged('entry', () => parseEntryHeader(entry.header));
      const hash = hashEntry(entry.header);
      const same = async () => {
        const there = await vaults.entryHash(vault, header.seq);
        return there !== null && isEqual(there, hash)
          ? ({ status: 'done', head: { seq: header.seq, hash } } as const)
          : null;
      };
      const there = header.seq > state.head.seq ? null : await same();
      if (there !== null) return there;
      if (header.seq !== state.head.seq + 1 || !isEqual(header.prevHash, state.head.hash)) {
        return { status: 'new', append: () => moved(state, header.seq) };
      }
      const row = judgeEntry(header, entry, grants, {
        vault,
        account,
        device,
        chain: await chainOf(account),
        epoch: state.epoch,
        epochPosition: state.epochPosition,
        accountPosition: state.accountPosition,
        deviceSeq: await vaults.deviceSeq(vault, device),
      });
      const append = async (objects: readonly NewObject[]): Promise<LogResult> => {
        const now = clock.now();
        const result = await vaults.append({
          vault,
          expected: state.head,
          row,
          objects,
          quota,
          unreferencedUntil: now + grace.unreferenced,
          releasedUntil: now + grace.released,
        });
        switch (result.status) {
          case 'done':
            hub.publish(account, { type: 'vault', vault, seq: header.seq });
            return { status: 'done', head: { seq: header.seq, hash } };
          case 'moved':
            // The same entry, sent twice at once, has lost against itself.
            return (await same()) ?? (await moved(state, header.seq));
          case 'objects-missing':
            return result;
          case 'missing':
            throw noVault();
          case 'quota':
            throw overQuota();
        }
      };
      return { status: 'new', append };
    },
    grants: async (account, vault, epoch) => {
      await memberVault(vaults, account, vault);
      const grants = await vaults.grants(vault, epoch);
      if (grants === null) throw failure('missing', 'epoch', 'There is no such epoch in this vault.');
      return grants;
    },
  };
}
