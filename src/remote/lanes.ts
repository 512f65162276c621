import type { RawAnswer } from './exchange.ts';

/** How many large bodies are on the line side by side. */
interface Lanes {
  /**
   * Runs it as soon as there is a lane; what is light does not wait for those that wait, and finds one lane more. Rejects with the
   * signal's reason if that aborts first, else as `work` does.
   */
  run(signal: AbortSignal, isLight: boolean, work: () => Promise<RawAnswer>): Promise<RawAnswer>;
}

/** To begin with: enough to fill a line until it is known how quick it is. */
const first = 3;

/** A body that takes less than this leaves room for another one beside it. */
const quick = 1000;
/** Side by side, bodies slow each other down, and all else: a note waits for its share of the line three times until it is there. */
const slow = 3000;
/** What fails sooner than this had hardly begun. */
const begun = 1000;

/**
 * Up to `most` lanes; fewer while bodies take long, two at least, and one alone after they were cut short, until they go quickly again. On a thin
 * line that is cut every 20 seconds, or to a server that waits only a few minutes, bodies side by side would never end: what has
 * come of them is lost each time, and all of it is sent again for ever. Two keep a line full.
 */
export function createLanes(most: number): Lanes {
  let count = Math.min(first, most);
  let busy = 0;
  const [light, heavy] = [new Set<() => void>(), new Set<() => void>()];

  const admit = (): void => {
    for (const [waiting, lanes] of [
      [light, count + 1],
      [heavy, count],
    ] as const) {
      for (const enter of waiting) {
        if (busy >= lanes) break;
        waiting.delete(enter);
        busy++;
        enter();
      }
    }
  };
  const wasCut = (): void => {
    count = Math.max(1, Math.floor(busy / 2));
  };
  const enter = (signal: AbortSignal, waiting: Set<() => void>): Promise<void> =>
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
    run: async (signal, isLight, work) => {
      await enter(signal, isLight ? light : heavy);
      const since = performance.now();
      const took = (): number => performance.now() - since;
      try {
        const answer = await work();
        if (answer.isPart === true) wasCut();
        else if (took() < quick) count = Math.min(most, count + 1);
        else if (took() > slow) count = Math.min(count, Math.max(2, busy - 1));
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
