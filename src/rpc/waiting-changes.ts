import type { PairStatus } from '../model/status.ts';

/** Changes of a folder that wait for a sync. What waits for the person is told by a number of its own. */
export const waitingChanges = ({ pending, held }: Pick<PairStatus, 'pending' | 'held'>): number =>
  Math.max(0, pending - held);
