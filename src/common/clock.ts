/** Time as a port. Simulation drives it; nothing in the core reads the system's clock itself. */
export interface Clock {
  /** Wall time, milliseconds since 1970 (UTC). May jump; never used to order events or to decide a winner. */
  now(): number;
  /** Milliseconds that only grow; for back-off, rates and timeouts. */
  monotonic(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; never rejects. 0 gives way to all that is ready now. */
  sleep(ms: number, signal?: AbortSignalLike): Promise<void>;
}

/** What is dated later than now by more than these milliseconds was dated by another clock, or before this one was set back: no tick does that. */
export const aheadFromMs = 2000;

/** The part of the standard AbortSignal that neutral code needs. */
export interface AbortSignalLike {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
