import type { RawAnswer } from './exchange.ts';

/** How many large bodies are on the line side by side. */
interface Lanes {
  /** Runs it as soon as there is a lane. Rejects with the signal's reason if that aborts first, else as `work` does. */
  run(signal: AbortSignal, work: () => Promise<RawAnswer>): Promise<RawAnswer>;
}

/** A body that takes less than this leaves room for another one beside it. */
const quick = 2000;
/** Side by side, bodies slow each other down: what takes longer than this loses much when the line is cut. */
const long = 10_000;
/** What fails sooner than this had hardly begun. */
const begun = 1000;

/**
 * Up to `most` lanes; fewer while bodies take long, and one alone after they were cut short, until they go quickly again. On a thin
 * line that is cut every 20 seconds, or to a server that waits only a few minutes, bodies side by side would never end: what has
 * come of them is lost each time, and all of it is sent again for ever. Two keep a line full.
 */
export function createLanes(most: number): Lanes {
  let count = most;
  let busy = 0;
  const waiting = new Set<() => void>();

  const admit = (): void => {
    for (const enter of waiting) {
      if (busy >= count) return;
      waiting.delete(enter);
      busy++;
      enter();
    }
  };
  const wasCut = (): void => {
    count = Math.max(1, Math.floor(busy / 2));
  };
  const enter = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const aborted = (): void => {
        waiting.delete(entered);
        reject(signal.reason);
      };
      const entered = (): void => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      if (signal.aborted) return aborted();
      signal.addEventListener('abort', aborted, { once: true });
      waiting.add(entered);
      admit();
    });

  return {
    run: async (signal, work) => {
      await enter(signal);
      const since = performance.now();
      const took = (): number => performance.now() - since;
      try {
        const answer = await work();
        if (answer.isPart === true) wasCut();
        else if (took() < quick) count = Math.min(most, count + 1);
        else if (took() > long) count = Math.min(count, Math.max(2, busy - 1));
        return answer;
      } catch (error) {
        if (!signal.aborted && took() > begun) wasCut();
        throw error;
      } finally {
        busy--;
        admit();
      }
    },
  };
}
