import type { Clock } from '../../common/clock.ts';
import type { PairStatus } from '../../model/status.ts';

/** Those who want to hear of each change of a pair's status. */
export interface StatusListeners {
  add(listener: (status: PairStatus) => void): () => void;
  /** Something changed. They hear of it in a moment, of all that changed meanwhile at once. */
  notify(): void;
  /** After the signal: nobody hears anything any more. */
  close(): Promise<void>;
}

/** Listeners hear at most this often, in milliseconds. */
const every = 200;

export function statusListeners(clock: Clock, signal: AbortSignal, status: () => PairStatus): StatusListeners {
  const listeners = new Set<(status: PairStatus) => void>();
  let isNotifying = false;
  let notifying: Promise<void> = Promise.resolve();
  return {
    add(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    notify() {
      if (isNotifying || listeners.size === 0) return;
      isNotifying = true;
      notifying = clock.sleep(every, signal).then(() => {
        isNotifying = false;
        const now = status();
        for (const listener of listeners) listener(now);
      });
    },
    async close() {
      await notifying;
      listeners.clear();
    },
  };
}
