import { HoldfastError } from '../common/errors.ts';
import type { LocalRoot } from './local-root.ts';
import { lookAtTrial } from './look-at-trial.ts';

/** See `RootKeeper.clockAhead`. */
export function clockAhead(root: LocalRoot, now: () => number): number {
  try {
    const made = lookAtTrial(root, 0o600);
    return made === null ? 0 : made.mtimeUs / 1000 - now();
  } catch (error) {
    // Full, say, or not to be written to: whoever has to write there says so.
    if (error instanceof HoldfastError) return 0;
    throw error;
  }
}
