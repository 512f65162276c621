import { failure } from './failure.ts';

export interface ByteBudget {
  /**
   * Waits until so many bytes are free for this holder; gives them back by the result. Throws `offline` (`busy`) if too
   * many wait.
   */
  take(bytes: number, holder: string): Promise<() => void>;
}

const maxWaiting = 1000;
const maxWaitingOfOne = 100;

interface Waiting {
  readonly bytes: number;
  readonly holder: string;
  readonly go: () => void;
}

/**
 * Bounds the memory that bodies take, whoever sends or fetches them; first come, first served. One holder has half of
 * what the others leave at most, or one body: a slow sender or reader, on however many connections, only delays itself.
 */
export function createByteBudget(total: number): ByteBudget {
  let free = total;
  const held = new Map<string, number>();
  let waiting: Waiting[] = [];

  const heldBy = (holder: string): number => held.get(holder) ?? 0;
  const isShare = ({ bytes, holder }: Waiting): boolean => {
    const own = heldBy(holder);
    return own === 0 || own + bytes <= (free + own) / 2;
  };

  function move(holder: string, bytes: number): void {
    const own = heldBy(holder) + bytes;
    free -= bytes;
    if (own === 0) held.delete(holder);
    else held.set(holder, own);
  }

  /** In order; only holders that already have their share are skipped. */
  function wake(): void {
    const left: Waiting[] = [];
    let isFull = false;
    for (const next of waiting) {
      if (isFull || !isShare(next)) left.push(next);
      else if (next.bytes > free) {
        isFull = true;
        left.push(next);
      } else {
        move(next.holder, next.bytes);
        next.go();
      }
    }
    waiting = left;
  }

  function wait(bytes: number, holder: string): Promise<void> {
    const isFlood = waiting.filter((each) => each.holder === holder).length >= maxWaitingOfOne;
    if (isFlood || waiting.length >= maxWaiting) {
      throw failure('offline', 'busy', 'The server is busy; try again soon.', 1000);
    }
    return new Promise((go) => {
      waiting.push({ bytes, holder, go });
      wake();
    });
  }

  return {
    take: async (wanted, holder) => {
      const bytes = Math.min(wanted, total);
      await wait(bytes, holder);
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        move(holder, -bytes);
        wake();
      };
    },
  };
}
