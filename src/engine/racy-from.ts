import type { LocalContext } from './context.ts';
import { tick } from './quiet-time.ts';

/**
 * Files that changed at this time or later, in microseconds, may change again and look the same: on volumes with coarse
 * times all writes of one step do.
 */
export const racyFrom = ({ clock, traits }: Pick<LocalContext, 'clock' | 'traits'>): number =>
  (clock.now() - tick) * 1000 - (traits.mtimeStepUs > 1 ? traits.mtimeStepUs : 0);
