import type { Clock } from '../../common/clock.ts';

/** Those who want to hear of each change of a pair's status. */
export interface StatusListeners {
  add(listener: () => void): () => void;
  /** Something changed. They hear of it in a moment, of all that changed meanwhile at once. */
  notify(): void;
  /** After the signal: nobody hears anything any more. */
  close(): Promise<void>;
}

/** Listeners hear at most this often, in milliseconds. */
const every = 200;

export function statusListeners(clock: Clock, signal: AbortSignal): StatusListeners {
  const listeners = new Set<() => void>();
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
        for (const listener of listeners) listener();
      });
    },
    async close() {
      await notifying;
      listeners.clear();
    },
  };
}
