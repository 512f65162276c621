import type { HomeStatus } from './home-report.ts';

/** What stands still for another reason, which is said in the pause's place. */
const still: readonly string[] = ['frozen', 'root-missing'];

/** Whether a person has paused all that could sync: then there is something to resume and nothing to pause. */
export const isAllPaused = (pairs: HomeStatus['pairs']): boolean =>
  pairs.some(({ state }) => state === 'paused') &&
  pairs.every(({ state }) => state === 'paused' || still.includes(state));
