import type { PairStatus, SyncResult } from '../../model/status.ts';
import type { SyncReport } from '../../rpc/home-report.ts';
import { waitingChanges } from '../../rpc/waiting-changes.ts';
import { worstState } from '../home/home-state.ts';

type PairReport = SyncReport['pairs'][number];

const counted = [
  ...(['filesUp', 'filesDown', 'bytesUp', 'bytesDown', 'movesUp', 'movesDown', 'deletesUp', 'deletesDown'] as const),
  ...(['operations', 'conflicts', 'held', 'issues', 'left'] as const),
] as const;
type Counted = (typeof counted)[number];

const counts = (of: (name: Counted) => number): Record<Counted, number> =>
  Object.fromEntries(counted.map((name) => [name, of(name)])) as Record<Counted, number>;

export function pairReport({ pair, folder, state, message }: PairStatus, result: SyncResult): PairReport {
  const { isConverged, ...rest } = result;
  return { pair, folder, message, state, converged: isConverged, ...rest };
}

/** Of a pair that could not be looked at. */
export function unsyncedReport(status: PairStatus, why: { readonly isIssue: boolean }): PairReport {
  const { pair, folder, state, message } = status;
  return {
    pair,
    folder,
    message,
    state,
    converged: false,
    ...counts(() => 0),
    left: waitingChanges(status),
    issues: why.isIssue ? Math.max(1, status.issues) : status.issues,
  };
}

export const syncReport = (pairs: readonly PairReport[]): SyncReport => ({
  converged: pairs.every((pair) => pair.converged),
  state: worstState(pairs.map((pair) => pair.state)),
  ...counts((name) => pairs.reduce((total, pair) => total + pair[name], 0)),
  pairs: [...pairs],
});
