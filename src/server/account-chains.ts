import { isEqual } from '../common/bytes.ts';
import type { AccountId } from '../common/ids.ts';
import { type AccountChain, extendAccountChain } from '../crypto/account-chain.ts';
import { maxPageCount } from '../wire/limits.ts';
import type { AccountStore } from './metadata-store.ts';

export type LoadChain = (account: AccountId) => Promise<AccountChain | null>;

const pageLimit = { maxBytes: Number.POSITIVE_INFINITY, maxCount: maxPageCount };

const maxKept = 2000;

/**
 * Account chains, verified, of the accounts in use: kept in memory and extended when the store has grown. The store
 * decides: what is kept is always a prefix of what it holds.
 */
export function createAccountChains(accounts: AccountStore): LoadChain {
  const kept = new Map<AccountId, AccountChain>();

  return async (account) => {
    const head = await accounts.head(account);
    if (head === null) return null;
    let chain = kept.get(account) ?? null;
    while (chain === null || chain.position < head.seq) {
      const events = await accounts.events(account, chain?.position ?? 0, pageLimit);
      chain = extendAccountChain(chain, account, events);
    }
    if (chain.position === head.seq && !isEqual(chain.head, head.hash)) {
      kept.delete(account);
      return extendAccountChain(null, account, await accounts.events(account, 0, { ...pageLimit, maxCount: 1e6 }));
    }
    // Oldest use first.
    kept.delete(account);
    kept.set(account, chain);
    if (kept.size > maxKept) kept.delete(kept.keys().next().value as AccountId);
    return chain;
  };
}
