import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is asked and done of a thread. */
export interface Idler {
  /** Milliseconds of processor time that it has used so far. */
  cpuTime(): number;
  /** Frees all that nothing refers to. */
  collect(): void;
  /** Calls back each so many milliseconds, for as long as something else keeps it; returns what ends that. */
  every(milliseconds: number, act: () => void): () => void;
}

const lookEvery = 5000;
/** Milliseconds of work between two looks below which nothing goes on that a pause would be felt in: a hundredth of a processor. */
const calm = 50;
/** Milliseconds of work between two looks that are no work: the timers of a program that waits. */
const waiting = 10;
/** Milliseconds of work since the last time that leave enough behind to be worth the pause. */
const worthwhile = 500;
/** So many times is collected then: V8 gives up code that did not run between several collections, as most of a start never does. */
const rounds = 8;

/**
 * Frees memory when work is over. V8 collects as it allocates: a program that has nothing to do any more keeps all that a sync
 * of ten thousand files left, tens of megabytes, until the next one. For programs that stay; each thread does it for itself.
 */
export function collectWhenIdle(idler: Idler = thisThread()): () => void {
  let last = idler.cpuTime();
  let spent = 0;
  // A start leaves most of what it loaded and asked.
  let left = rounds;
  return idler.every(lookEvery, () => {
    const now = idler.cpuTime();
    const used = now - last;
    last = now;
    if (used > waiting) spent += used;
    if (spent >= worthwhile) left = rounds;
    if (used > calm || left === 0) return;
    left--;
    idler.collect();
    // The work of collecting is none that leaves anything behind.
    last = idler.cpuTime();
    spent = 0;
  });
}

const thisThread = (): Idler => ({
  cpuTime: () => {
    const { user, system } = process.threadCpuUsage();
    return (user + system) / 1000;
  },
  collect: collector(),
  every: (milliseconds, act) => {
    const timer = setInterval(act, milliseconds).unref();
    return () => clearInterval(timer);
  },
});

/** V8 gives its collector only to contexts that are made while it is told to. */
export function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: object) => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}
