/**
 * How long a test waits, in milliseconds, for what is to happen: many times what a slow and busy machine needs, since only a
 * failing test waits for it. The limits of whole tests (vitest.config.ts) are longer, so that a failure says what did not happen.
 */
export const patience = 90_000;

export interface EventuallyOptions {
  /** Deadline in milliseconds. */
  readonly within?: number;
  /** What is awaited, for the message of the failure. */
  readonly what?: string;
  /** Subscribes to something that happens when the state may have changed, so that the probe runs at once; unsubscribes by the result. */
  readonly on?: (wake: () => void) => () => void;
}

type Found<T> = Exclude<T, false | null | undefined>;

/**
 * The first result of `probe` that is not false, null or undefined. A probe that throws (a failed `expect`, say) counts
 * as "not yet". Probes are spaced 1 to 50 ms apart, or run when `on` wakes them. Rejects at the deadline with the last error.
 */
export async function eventually<T>(
  probe: () => T | Promise<T>,
  { within = patience, what = 'the condition', on }: EventuallyOptions = {},
): Promise<Found<T>> {
  const deadline = performance.now() + within;
  let wake = (): void => undefined;
  let woken = false;
  const off = on?.(() => {
    woken = true;
    wake();
  });
  let last: unknown;
  try {
    for (let pause = 1; ; pause = Math.min(50, pause * 2)) {
      woken = false;
      try {
        const value = await probe();
        if (value !== false && value !== null && value !== undefined) return value as Found<T>;
        last = undefined;
      } catch (error) {
        last = error;
      }
      const left = deadline - performance.now();
      if (left <= 0) throw new Error(`${what} did not come true within ${within} ms`, { cause: last });
      if (woken) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, Math.min(pause, left));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    off?.();
  }
}

/** `promise`, or a rejection that names `what` after `within` milliseconds. */
export async function soon<T>(promise: Promise<T>, what: string, within = patience): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} did not happen within ${within} ms`)), within);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
