import type { AccountId } from '../common/ids.ts';

/** Resolves when it is this account's turn: at once, unless it had one in this turn of the loop. */
export type Turns = (account: AccountId) => Promise<void>;

/**
 * What a request costs the one thread is spent by account: one request of each in a turn of the loop. So who asks for much at
 * once waits behind himself, and holds up others by one of his requests at a time.
 */
export function createTurns(): Turns {
  const waiting = new Map<AccountId, (() => void)[]>();
  const served = new Set<AccountId>();

  function next(): void {
    served.clear();
    for (const [account, line] of [...waiting]) {
      line.shift()?.();
      served.add(account);
      if (line.length === 0) waiting.delete(account);
    }
    if (served.size > 0) setImmediate(next);
  }

  return (account) => {
    if (!served.has(account)) {
      if (served.size === 0) setImmediate(next);
      served.add(account);
      return Promise.resolve();
    }
    return new Promise((go) => {
      const line = waiting.get(account);
      if (line === undefined) waiting.set(account, [go]);
      else line.push(go);
    });
  };
}
