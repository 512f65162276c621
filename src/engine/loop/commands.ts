import type { Clock } from '../../common/clock.ts';

export interface CommandOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** A cycle that gives way has worked for so long, once it had looked: it is to get on, however many commands come. */
  readonly leastWorkMs: number;
  readonly onChange: () => void;
  /** What a person asked for could not be done. */
  readonly onFailed: () => void;
}

/** What people ask for runs between cycles; a cycle that runs ends early for those who wait. */
export interface Commands {
  /** Some command runs, beside no cycle. */
  readonly isRunning: boolean;
  /** The running cycle ends early for a command. */
  isGivingWay(): boolean;
  cycleBegins(): void;
  /** The running cycle works from here on. */
  cycleHasLooked(): void;
  cycleEnds(): void;
  /** Lets it wait for `runWaiting`; settles as it does then. */
  add<T>(task: () => Promise<T> | T): Promise<T>;
  /** Between cycles. */
  run<T>(task: () => Promise<T> | T): Promise<T>;
  /** Between cycles: all that nobody has begun. */
  runWaiting(): Promise<void>;
}

export function commands({ clock, leastWorkMs, onChange, onFailed }: CommandOptions): Commands {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  let isCycling = false;
  /** When the running cycle had looked, monotonic; null: not yet. */
  let workingSince: number | null = null;

  const run = async <T>(task: () => Promise<T> | T): Promise<T> => {
    running++;
    try {
      return await task();
    } catch (error) {
      onFailed();
      throw error;
    } finally {
      running--;
      onChange();
    }
  };

  return {
    get isRunning() {
      return running > 0;
    },
    isGivingWay: () =>
      isCycling && waiting.length > 0 && workingSince !== null && clock.monotonic() - workingSince >= leastWorkMs,
    cycleBegins() {
      isCycling = true;
      workingSince = null;
    },
    cycleHasLooked() {
      if (isCycling) workingSince ??= clock.monotonic();
    },
    cycleEnds() {
      isCycling = false;
    },
    add: (task) =>
      new Promise((resolve, reject) => {
        waiting.push(async () => {
          try {
            resolve(await run(task));
          } catch (error) {
            reject(error);
          }
        });
      }),
    run,
    async runWaiting() {
      for (const command of waiting.splice(0)) await command();
    },
  };
}
