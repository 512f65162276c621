import { HoldfastError, isKind } from '../../common/errors.ts';

/** Ends what one cycle has on the line: on a thin one that would take minutes by itself. */
export interface Interruption {
  /** Of requests for contents; aborts with `stoppedNow`, or with what ends the pair. */
  readonly signal: AbortSignal;
  readonly isThere: boolean;
  /** Ends what is under way, and what begins until it is over. */
  interrupt(): void;
  /** Nothing of that cycle is under way any more. */
  over(): void;
}

/** `closing`: ends everything for good. */
export function interruption(closing: AbortSignal): Interruption {
  const begin = () => {
    const stop = new AbortController();
    return { stop, signal: AbortSignal.any([closing, stop.signal]) };
  };
  let now = begin();
  return {
    get signal() {
      return now.signal;
    },
    get isThere() {
      return now.stop.signal.aborted;
    },
    interrupt: () => now.stop.abort(stoppedNow()),
    over: () => {
      if (now.stop.signal.aborted) now = begin();
    },
  };
}

/** Thrown where a content ended early because its cycle is to end: nothing is wrong with it, and the next try goes on from here. */
export const stoppedNow = (): HoldfastError =>
  new HoldfastError('conflict', 'what is under way is to end', { reason: 'stopping' });

export const isStopped = (error: unknown): boolean => isKind(error, 'conflict') && error.reason === 'stopping';
