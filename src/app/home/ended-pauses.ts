import { longestPauseMinutes } from '../../rpc/fields.ts';
import type { PairRecord } from './config.ts';

const longestMs = longestPauseMinutes * 60_000;

/**
 * The pairs as they are at `now`: those whose pause was to end by then are not paused any more, whether or not anything ran. A pause
 * that is longer than any that can be asked for comes of a clock that was set back since: then it is over, too.
 */
export const withoutEndedPauses = (pairs: readonly PairRecord[], now: number): PairRecord[] =>
  pairs.map((record) => {
    const { pausedUntil: end } = record;
    const isOver = end !== null && (end <= now || end - now > longestMs);
    return isOver ? { ...record, isPaused: false, pausedUntil: null } : record;
  });
