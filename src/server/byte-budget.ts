import { failure } from './failure.ts';

export interface ByteBudget {
  /** Waits until so many bytes are free; gives them back by the result. Throws `offline` (`busy`) if too many wait. */
  take(bytes: number): Promise<() => void>;
}

const maxWaiting = 1000;

/** Bounds the memory that bodies take, whoever sends or fetches them; first come, first served. */
export function createByteBudget(total: number): ByteBudget {
  let free = total;
  const waiting: { readonly bytes: number; readonly go: () => void }[] = [];

  function wake(): void {
    for (let next = waiting[0]; next !== undefined && next.bytes <= free; next = waiting[0]) {
      waiting.shift();
      free -= next.bytes;
      next.go();
    }
  }

  return {
    take: async (wanted) => {
      const bytes = Math.min(wanted, total);
      if (waiting.length >= maxWaiting) throw failure('offline', 'busy', 'The server is busy; try again soon.', 1000);
      if (waiting.length === 0 && bytes <= free) free -= bytes;
      else await new Promise<void>((go) => waiting.push({ bytes, go }));
      let isHeld = true;
      return () => {
        if (!isHeld) return;
        isHeld = false;
        free += bytes;
        wake();
      };
    },
  };
}
