import type { PairStatus, SyncResult } from '../../model/status.ts';
import type { SyncReport } from '../../rpc/home-report.ts';
import { waitingChanges } from '../../rpc/waiting-changes.ts';
import { worstState } from '../home/home-state.ts';

type PairReport = SyncReport['pairs'][number];

const counted = [
  ...(['filesUp', 'filesDown', 'bytesUp', 'bytesDown', 'movesUp', 'movesDown', 'deletesUp', 'deletesDown'] as const),
  ...(['operations', 'conflicts', 'held', 'issues', 'left'] as const),
] as const;

export function pairReport(status: PairStatus, result: SyncResult): PairReport {
  const { pair, folder, state, message } = status;
  const { isConverged, ...counts } = result;
  return { pair, folder, message, state, converged: isConverged, ...counts };
}

/** Of a pair that could not be looked at. */
export function unsyncedReport(status: PairStatus, why: { readonly isIssue: boolean }): PairReport {
  const { pair, folder, state, message } = status;
  const zeros = Object.fromEntries(counted.map((name) => [name, 0])) as Record<(typeof counted)[number], number>;
  return {
    pair,
    folder,
    message,
    state,
    converged: false,
    ...zeros,
    left: waitingChanges(status),
    issues: why.isIssue ? Math.max(1, status.issues) : status.issues,
  };
}

export function syncReport(pairs: readonly PairReport[]): SyncReport {
  const sum = (name: (typeof counted)[number]): number => pairs.reduce((total, pair) => total + pair[name], 0);
  return {
    converged: pairs.every((pair) => pair.converged),
    state: worstState(pairs.map((pair) => pair.state)),
    filesUp: sum('filesUp'),
    filesDown: sum('filesDown'),
    bytesUp: sum('bytesUp'),
    bytesDown: sum('bytesDown'),
    movesUp: sum('movesUp'),
    movesDown: sum('movesDown'),
    deletesUp: sum('deletesUp'),
    deletesDown: sum('deletesDown'),
    operations: sum('operations'),
    conflicts: sum('conflicts'),
    held: sum('held'),
    issues: sum('issues'),
    left: sum('left'),
    pairs: [...pairs],
  };
}
