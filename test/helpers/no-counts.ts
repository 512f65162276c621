import type { SyncReport } from '../../src/rpc/home-report.ts';

/** What a sync counts that had nothing to do. */
export const noCounts: Omit<SyncReport, 'converged' | 'state' | 'pairs'> = {
  filesUp: 0,
  filesDown: 0,
  bytesUp: 0,
  bytesDown: 0,
  movesUp: 0,
  movesDown: 0,
  deletesUp: 0,
  deletesDown: 0,
  operations: 0,
  conflicts: 0,
  held: 0,
  issues: 0,
  left: 0,
};
