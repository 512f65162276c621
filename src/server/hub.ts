import type { AccountId, VaultId } from '../common/ids.ts';

export type ServerHint =
  | { readonly type: 'vault'; readonly vault: VaultId; readonly seq: number }
  | { readonly type: 'account'; readonly seq: number };

/** Tells those who listen to an account that something of it has grown. Keeps nothing: whoever is away misses the hint. */
export interface Hub {
  publish(account: AccountId, hint: ServerHint): void;
  /** Returns the function that unsubscribes. */
  subscribe(account: AccountId, listener: (hint: ServerHint) => void): () => void;
  count(): number;
  countOf(account: AccountId): number;
}

export function createHub(): Hub {
  const listeners = new Map<AccountId, Set<(hint: ServerHint) => void>>();
  let count = 0;

  return {
    publish: (account, hint) => {
      for (const listener of [...(listeners.get(account) ?? [])]) listener(hint);
    },
    subscribe: (account, listener) => {
      const own = listeners.get(account) ?? new Set();
      listeners.set(account, own);
      own.add(listener);
      count++;
      return () => {
        if (!own.delete(listener)) return;
        count--;
        if (own.size === 0 && listeners.get(account) === own) listeners.delete(account);
      };
    },
    count: () => count,
    countOf: (account) => listeners.get(account)?.size ?? 0,
  };
}
