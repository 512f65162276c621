import type { AccountId } from '../common/ids.ts';

/** Resolves when it is this account's turn: at once, unless it had one in this turn of the loop. */
export type Turns = (account: AccountId) => Promise<void>;

/**
 * The one thread is shared out by account: one request of each in a turn of the event loop. So an account that asks for much at
 * once waits behind itself, and delays others by one of its requests at a time.
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
