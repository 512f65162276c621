/** Bounds what is in flight, counted in any unit: bytes, files, requests. First come, first served. */
export interface Semaphore {
  /** Resolves when `amount` is free; more than the whole waits for all of it. Call the result once to give it back. */
  acquire(amount: number): Promise<() => void>;
  readonly used: number;
}

export function semaphore(capacity: number): Semaphore {
  let used = 0;
  const waiting: { amount: number; enter: () => void }[] = [];

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && used + next.amount <= capacity; next = waiting[0]) {
      waiting.shift();
      used += next.amount;
      next.enter();
    }
  };

  return {
    acquire(wanted) {
      const amount = Math.min(wanted, capacity);
      return new Promise((resolve) => {
        let isHeld = true;
        const release = (): void => {
          if (!isHeld) return;
          isHeld = false;
          used -= amount;
          admit();
        };
        waiting.push({ amount, enter: () => resolve(release) });
        admit();
      });
    },
    get used() {
      return used;
    },
  };
}

/** A part of a whole that several share: none has more of the whole than its part, and what it waits for keeps no other waiting. */
export function partOf(whole: Semaphore, capacity: number): Semaphore {
  const part = semaphore(capacity);
  return {
    async acquire(wanted) {
      const amount = Math.min(wanted, capacity);
      const releasePart = await part.acquire(amount);
      const releaseWhole = await whole.acquire(amount);
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
