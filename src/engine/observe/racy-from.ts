import type { Stat } from '../../model/stat.ts';
import type { LocalContext } from '../context.ts';

/** Milliseconds in which two changes may bear one time. Windows' clock ticks every 15.625, all others more often. */
const longestTick = 16;

/**
 * Files that changed at this time or later, in microseconds, may change again and look the same: on volumes with coarse
 * times all writes of one step do. `aheadMs`: of the volume's clock.
 */
export const racyFrom = ({ clock, traits }: Pick<LocalContext, 'clock' | 'traits'>, aheadMs = 0): number =>
  (clock.now() + aheadMs - longestTick) * 1000 - (traits.mtimeStepUs > 1 ? traits.mtimeStepUs : 0);

/** Asked for where it matters: elsewhere the clock is this computer's own, or ticks too fast for two looks. */
export const aheadOf = async ({ fs, traits }: Pick<LocalContext, 'fs' | 'traits'>): Promise<number> =>
  traits.mtimeStepUs > 1 && !traits.isLocal ? fs.clockAhead() : 0;

/** The ctime to keep of a file that was just changed here: 0, which never matches, where a further write could look the same. */
export const keptCtime =
  (context: Pick<LocalContext, 'clock' | 'traits'>) =>
  (stat: Stat): number =>
    context.traits.mtimeStepUs > 1 && stat.mtimeUs >= racyFrom(context) ? 0 : stat.ctimeUs;
