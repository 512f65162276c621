import { isLight } from './file-weight.ts';
import { insertByWeight } from './insert-by-weight.ts';

/** Bounds what is in flight, counted in any unit: bytes, files, requests. */
export interface Semaphore {
  /**
   * Resolves when `amount` is free; more than the whole waits for all of it. Call the result once to give it back. `weight`: the size of
   * the file that it is for, or 0 of what is small: the lightest first, then first come, first served. What is not light leaves the
   * reserve free.
   */
  acquire(amount: number, weight?: number): Promise<() => void>;
  readonly used: number;
}

interface Waiting {
  readonly amount: number;
  readonly weight: number;
  readonly enter: () => void;
}

/** `reserve`: what is kept of the capacity for light files. */
export function semaphore(capacity: number, reserve = 0): Semaphore {
  let used = 0;
  const waiting: Waiting[] = [];
  const mostOf = (weight: number): number => (isLight(weight) ? capacity : capacity - reserve);

  const admit = (): void => {
    for (let next = waiting[0]; next !== undefined && used + next.amount <= mostOf(next.weight); next = waiting[0]) {
      waiting.shift();
      used += next.amount;
      next.enter();
    }
  };

  return {
    acquire(wanted, weight = 0) {
      const amount = Math.min(wanted, mostOf(weight));
      return new Promise((resolve) => {
        let isHeld = true;
        const release = (): void => {
          if (!isHeld) return;
          isHeld = false;
          used -= amount;
          admit();
        };
        insertByWeight(waiting, { amount, weight, enter: () => resolve(release) });
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
    async acquire(wanted, weight = 0) {
      const amount = Math.min(wanted, isLight(weight) ? capacity : capacity - reserve);
      const releasePart = await part.acquire(amount, weight);
      const releaseWhole = await whole.acquire(amount, weight);
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
