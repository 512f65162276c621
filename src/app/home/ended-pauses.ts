import type { PairRecord } from './config.ts';

/** The pairs as they are at `now`: those whose pause was to end by then are not paused any more, whether or not anything ran. */
export const withoutEndedPauses = (pairs: readonly PairRecord[], now: number): PairRecord[] =>
  pairs.map((record) =>
    record.pausedUntil !== null && record.pausedUntil <= now
      ? { ...record, isPaused: false, pausedUntil: null }
      : record,
  );
