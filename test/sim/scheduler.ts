import type { Dice } from './random.ts';

/**
 * Virtual time. One event runs at a time; all promises that it made ready are drained before the next one. Events due at
 * the same time run in an order that the seed decides. Nothing else in a simulated world is asynchronous, so that the
 * seed decides everything.
 */
export interface Scheduler {
  /** Milliseconds since the world began. */
  readonly now: number;
  /** Events that ran so far. */
  readonly count: number;
  /** Runs `act` in `delay` milliseconds. The result takes it back. */
  after(delay: number, act: () => void): () => void;
  /** Resolves in `delay` milliseconds. */
  sleep(delay: number): Promise<void>;
  /**
   * Runs events until `isDone`, asked before each. Throws {@link Stuck}: `deadlock` if nothing is due, `livelock` after
   * `maxEvents`, `late` when virtual time passes `until`.
   */
  run(isDone: () => boolean, limits: { readonly until: number; readonly maxEvents: number }): Promise<void>;
  /** Lets `delay` milliseconds pass. */
  pass(delay: number, maxEvents: number): Promise<void>;
}

export class Stuck extends Error {
  readonly why: 'deadlock' | 'livelock' | 'late';

  constructor(why: 'deadlock' | 'livelock' | 'late', message: string) {
    super(message);
    this.why = why;
  }
}

interface Due {
  readonly time: number;
  readonly tie: number;
  readonly number: number;
  act: (() => void) | null;
}

const isBefore = (a: Due, b: Due): boolean =>
  a.time !== b.time ? a.time < b.time : a.tie !== b.tie ? a.tie < b.tie : a.number < b.number;

export function scheduler(dice: Dice): Scheduler {
  const heap: Due[] = [];
  let now = 0;
  let count = 0;
  let number = 0;

  const push = (due: Due): void => {
    let at = heap.length;
    heap.push(due);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Due;
      if (!isBefore(due, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = due;
  };

  const pop = (): Due | undefined => {
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1] as Due, heap[child] as Due)) child++;
      const below = heap[child] as Due;
      if (!isBefore(below, last)) break;
      heap[at] = below;
      at = child;
    }
    heap[at] = last;
    return first;
  };

  const after = (delay: number, act: () => void): (() => void) => {
    const due: Due = { time: now + Math.max(0, delay), tie: dice.next(), number: number++, act };
    push(due);
    return () => {
      due.act = null;
    };
  };

  const run: Scheduler['run'] = async (isDone, { until, maxEvents }) => {
    const last = count + maxEvents;
    await drained();
    while (!isDone()) {
      let due = pop();
      while (due !== undefined && due.act === null) due = pop();
      if (due === undefined) throw new Stuck('deadlock', 'nothing is due, and something is still waited for');
      if (due.time > until) {
        push(due);
        now = until;
        throw new Stuck('late', `not done at ${until} ms`);
      }
      if (++count > last) throw new Stuck('livelock', `not done after ${maxEvents} events, at ${now} ms`);
      now = due.time;
      due.act?.();
      await drained();
    }
  };

  return {
    get now() {
      return now;
    },
    get count() {
      return count;
    },
    after,
    sleep: (delay) => new Promise((resolve) => void after(delay, resolve)),
    run,
    async pass(delay, maxEvents) {
      const until = now + delay;
      let isOver = false;
      after(delay, () => {
        isOver = true;
      });
      await run(() => isOver, { until, maxEvents });
    },
  };
}

/** All promises that can settle by themselves have; the loop of Node has nothing else to do in a simulated world. */
const drained = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
