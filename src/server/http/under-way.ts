import type { ServerResponse } from 'node:http';
import type { AccountId } from '../../common/ids.ts';
import { maxBatchBytes } from '../../wire/limits.ts';
import { failure } from '../failure.ts';

/** Of one account, streams of hints included. */
const maxOfOne = 256;
/** Smaller answers may wait until the connection is idle. */
const largeAnswer = 64 * 1024;

export interface UnderWay {
  /** A request of this account is under way until its answer has left. Throws `offline` (`busy`) if it has too many. */
  begin(account: AccountId, response: ServerResponse): void;
  /** An answer of so many bytes is about to leave: it takes memory until it is read, so reading must not take for ever. */
  hurry(response: ServerResponse, bytes: number): void;
}

/** `patience`: milliseconds for a small answer; the largest body of objects has ten times as many, as it has on its way in. */
export function createUnderWay(patience: number): UnderWay {
  const counts = new Map<AccountId, number>();

  return {
    begin: (account, response) => {
      const others = counts.get(account) ?? 0;
      if (others >= maxOfOne) {
        throw failure('offline', 'busy', 'This account has too many requests under way; try again soon.', 1000);
      }
      counts.set(account, others + 1);
      response.once('close', () => {
        const left = (counts.get(account) ?? 1) - 1;
        if (left > 0) counts.set(account, left);
        else counts.delete(account);
      });
    },
    hurry: (response, bytes) => {
      if (bytes < largeAnswer) return;
      const timer = setTimeout(() => response.destroy(), patience * (1 + (9 * bytes) / maxBatchBytes));
      response.once('close', () => clearTimeout(timer));
    },
  };
}
