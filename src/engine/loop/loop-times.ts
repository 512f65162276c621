/** When a pair's loop looks by itself; all in milliseconds but the two rests. */
export interface LoopTimes {
  /** Watch hints within this time are looked at together. */
  readonly settleMs: number;
  /** Everything is listed again this often, for no watcher can promise that it lost nothing. */
  readonly rescanMs: number;
  /** But listing everything for that takes at most one part in so many of the time, unless that is longer than `maxRescanMs`. */
  readonly rescanRest: number;
  readonly maxRescanMs: number;
  /** The same while changes may happen unseen: folders that could not be watched, volumes that give no events. */
  readonly blindRescanMs: number;
  /** But listing everything for that takes at most one part in so many of the time. */
  readonly blindRest: number;
  /** The server is asked this often even if it hints at nothing. */
  readonly pollMs: number;
  /** Files that changed within a tick of the volume's clock are looked at again after this. */
  readonly unsettledMs: number;
  /** A cycle that has looked works for so long before it ends early for a command: with each turn it comes further. */
  readonly leastWorkMs: number;
  /** For so long at least a cycle that is to end may wait for what it has on the line, of which minutes are under way on a thin one. */
  readonly endWithinMs: number;
  /**
   * A round that something else waits for leaves contents that take long to the next one after this, for with each round comes a look
   * at the folder, and a plan. Ten times as long for what is short, which has to end first: the line rests meanwhile.
   */
  readonly leaveAfterMs: number;
}

export const defaultTimes: LoopTimes = {
  settleMs: 16,
  rescanMs: 5 * 60_000,
  rescanRest: 2000,
  maxRescanMs: 20 * 60_000,
  blindRescanMs: 20_000,
  blindRest: 100,
  pollMs: 60_000,
  unsettledMs: 30,
  leastWorkMs: 1000,
  endWithinMs: 500,
  leaveAfterMs: 1000,
};

export interface RescanFacts {
  /** Changes may happen that no hint tells of. */
  readonly isBlind: boolean;
  readonly hasIssues: boolean;
  /** Milliseconds that listing everything took last; 0 before that. */
  readonly listingTook: number;
}

/** Milliseconds from one listing of everything to the next. */
export function timeToRescan(times: LoopTimes, { isBlind, hasIssues, listingTook }: RescanFacts): number {
  const { blindRescanMs, blindRest, maxRescanMs, rescanMs, rescanRest } = times;
  if (isBlind) return Math.min(Math.max(blindRescanMs, blindRest * listingTook), rescanMs);
  // What could not be read may be readable again, and no hint tells of that.
  if (hasIssues) return rescanMs;
  return Math.min(Math.max(rescanMs, rescanRest * listingTook), Math.max(rescanMs, maxRescanMs));
}
