import type { Clock } from '../../src/common/clock.ts';
import type { Scheduler } from './scheduler.ts';

/**
 * One run of a process. Whatever it does to the outside is an event of its own; when the process ends, events to come have
 * no effect, and nothing that it waits for ever settles: of a dead process nothing is heard.
 */
export interface Life {
  readonly isAlive: boolean;
  /** Calls to the outside so far. */
  readonly calls: number;
  /** Ends it now. Whatever it still runs in this turn is to be undone by who keeps its state. */
  end(): void;
  /** Ends it when `count` more calls had their effect; `died` is told then. */
  endAfter(count: number, died: () => void): void;
  /** `work` happens in `delay` milliseconds, in one event if it is synchronous. */
  call<T>(delay: number, work: () => T | Promise<T>): Promise<T>;
  /** A thing whose methods all go through `call`. */
  port<T extends object>(thing: T, delay: () => number): T;
  clock(wall: () => number): Clock;
}

export function life(scheduler: Scheduler): Life {
  let isAlive = true;
  let calls = 0;
  let left = Number.POSITIVE_INFINITY;
  let died = (): void => undefined;

  const call = <T>(delay: number, work: () => T | Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      if (!isAlive) return;
      scheduler.after(delay, () => {
        if (!isAlive) return;
        calls++;
        const isLast = --left <= 0;
        let result: T | Promise<T>;
        try {
          result = work();
        } catch (error) {
          result = Promise.reject(error);
        }
        if (isLast && isAlive) {
          isAlive = false;
          died();
        }
        if (!(result instanceof Promise)) {
          if (isAlive) resolve(result);
          return;
        }
        result.then(
          (value) => {
            if (isAlive) resolve(value);
          },
          (error: unknown) => {
            if (isAlive) reject(error);
          },
        );
      });
    });

  return {
    get isAlive() {
      return isAlive;
    },
    get calls() {
      return calls;
    },
    end() {
      isAlive = false;
    },
    endAfter(count, onDeath) {
      left = count;
      died = onDeath;
    },
    call,
    port: (thing, delay) =>
      new Proxy(thing, {
        get(target, key) {
          const value: unknown = Reflect.get(target, key);
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => call(delay(), () => value.apply(target, args));
        },
      }),
    clock: (wall) => ({
      now: wall,
      monotonic: () => scheduler.now,
      sleep: (ms, signal) =>
        new Promise((resolve) => {
          if (!isAlive) return;
          if (signal?.aborted === true) return resolve();
          const onAbort = (): void => {
            takeBack();
            if (isAlive) resolve();
          };
          const takeBack = scheduler.after(ms, () => {
            signal?.removeEventListener('abort', onAbort);
            if (isAlive) resolve();
          });
          signal?.addEventListener('abort', onAbort, { once: true });
        }),
    }),
  };
}
