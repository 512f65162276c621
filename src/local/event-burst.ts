import { readFileSync } from 'node:fs';

/**
 * Guesses that the kernel lost events. Its queue (one per process, for all watchers) holds 16,384 by default; the notice
 * of an overflow never reaches JavaScript. But a queue that overflowed was full, and all of it is delivered within one
 * turn of the event loop: so many events in one turn mean that some may be missing.
 */
interface Bursts {
  /** Call for each event. */
  count(): void;
  /** `listener` is called at most once a turn, for whichever watcher's events it was. Returns how to stop. */
  listen(listener: () => void): () => void;
}

const readQueueLength = (): number => {
  try {
    return Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) || 16_384;
  } catch {
    return 16_384;
  }
};

function makeBursts(): Bursts {
  const listeners = new Set<() => void>();
  let limit = 0;
  let seen = 0;
  const endTurn = (): void => {
    seen = 0;
  };
  return {
    count: () => {
      if (seen === 0) setImmediate(endTurn);
      seen++;
      // Half: events of watches that were closed meanwhile fill the queue too and are not seen here.
      if (limit === 0) limit = Math.floor(readQueueLength() / 2);
      if (seen === limit) for (const listener of [...listeners]) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

/** One for the process, as the kernel's queue is. */
export const eventBursts: Bursts = makeBursts();
