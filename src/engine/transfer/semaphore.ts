/** Bounds what is in flight, counted in any unit: bytes, files, requests. First come, first served. */
export interface Semaphore {
  /**
   * Resolves when `amount` is free; more than the whole waits for all of it. Call the result once to give it back. What belongs to
   * something `large` leaves the reserve free, and lets go before it what does not.
   */
  acquire(amount: number, isLarge?: boolean): Promise<() => void>;
  readonly used: number;
}

interface Waiting {
  readonly amount: number;
  readonly enter: () => void;
}

/** `reserve`: what large things leave free of the capacity. */
export function semaphore(capacity: number, reserve = 0): Semaphore {
  let used = 0;
  const waiting: Waiting[] = [];
  const large: Waiting[] = [];

  const admitTo = (most: number, queue: Waiting[]): void => {
    for (let next = queue[0]; next !== undefined && used + next.amount <= most; next = queue[0]) {
      queue.shift();
      used += next.amount;
      next.enter();
    }
  };
  const admit = (): void => {
    admitTo(capacity, waiting);
    if (waiting.length === 0) admitTo(capacity - reserve, large);
  };

  return {
    acquire(wanted, isLarge = false) {
      const amount = Math.min(wanted, isLarge ? capacity - reserve : capacity);
      return new Promise((resolve) => {
        let isHeld = true;
        const release = (): void => {
          if (!isHeld) return;
          isHeld = false;
          used -= amount;
          admit();
        };
        (isLarge ? large : waiting).push({ amount, enter: () => resolve(release) });
        admit();
      });
    },
    get used() {
      return used;
    },
  };
}

/** A part of a whole that several share: none has more of the whole than its part, and what it waits for keeps no other waiting. */
export function partOf(whole: Semaphore, capacity: number, reserve = 0): Semaphore {
  const part = semaphore(capacity, reserve);
  return {
    async acquire(wanted, isLarge = false) {
      const amount = Math.min(wanted, isLarge ? capacity - reserve : capacity);
      const releasePart = await part.acquire(amount, isLarge);
      const releaseWhole = await whole.acquire(amount, isLarge);
      return () => {
        releaseWhole();
        releasePart();
      };
    },
    get used() {
      return part.used;
    },
  };
}
