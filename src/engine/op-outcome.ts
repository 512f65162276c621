import { diskReason, isStaleReason } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import type { NodeId } from '../common/ids.ts';
import { type RelativePath, rootPath } from '../common/relative-path.ts';
import { isVaultGone } from './is-vault-gone.ts';
import { noWork, type WorkDone } from './work-done.ts';

/**
 * What became of one operation of a plan. `stale`: what was found is not what was planned on; observe the folder again.
 * `blocked`: the node waits, with back-off; the rest goes on. `stopped`: nothing more can be done now for any node.
 */
type FailedOutcome =
  | { readonly status: 'stale'; readonly folder: RelativePath | null }
  | { readonly status: 'blocked'; readonly error: HoldfastError }
  | { readonly status: 'stopped'; readonly error: HoldfastError };

/** A refusal without a word of ours, of one body among others that pass: something on the way dislikes it. */
export const refusedOnTheWay = 'http-403';

/** Sorts an error thrown while one node was worked on; anything that is no expected failure is thrown on. */
export function outcomeOf(error: unknown, folder: RelativePath | null): FailedOutcome {
  if (!(error instanceof HoldfastError)) throw error;
  const reason = diskReason(error);
  if (reason === 'root-gone') return { status: 'stopped', error };
  if (reason !== null && isStaleReason(reason)) return { status: 'stale', folder };
  switch (error.kind) {
    case 'missing':
      return { status: isVaultGone(error) ? 'stopped' : 'blocked', error };
    case 'io':
    case 'security':
    case 'limit':
    case 'corrupt':
      return { status: 'blocked', error };
    case 'conflict':
      return { status: 'stale', folder };
    case 'refused':
      return error.reason === refusedOnTheWay ? { status: 'blocked', error } : { status: 'stopped', error };
    case 'offline':
    case 'version':
      return { status: 'stopped', error };
    default:
      throw error;
  }
}

/** What a round of operations came to. */
export interface RoundReport {
  /** Operations done. */
  done: number;
  readonly work: WorkDone;
  conflicts: number;
  /** Where the latest of them is. */
  conflictFolder: RelativePath;
  /** What went stale, and where to look again. */
  readonly staleNodes: Set<NodeId>;
  readonly staleFolders: Set<RelativePath>;
  /** Something was stale whose folder is not known: list everything again. */
  isAllStale: boolean;
  readonly blocked: Map<NodeId, HoldfastError>;
  /** What the server did not take, and is tried again in the next round. */
  readonly unsent: Map<NodeId, HoldfastError>;
  /** Contents that go on, or begin, in the next round. */
  readonly left: Set<NodeId>;
  stopped: HoldfastError | null;
}

export const newReport = (): RoundReport => ({
  done: 0,
  work: noWork(),
  conflicts: 0,
  conflictFolder: rootPath,
  staleNodes: new Set(),
  staleFolders: new Set(),
  isAllStale: false,
  blocked: new Map(),
  unsent: new Map(),
  left: new Set(),
  stopped: null,
});

export function noteFailure(report: RoundReport, node: NodeId, outcome: FailedOutcome): void {
  if (outcome.status === 'stale') noteStale(report, node, outcome.folder);
  else if (outcome.status === 'blocked') report.blocked.set(node, outcome.error);
  else report.stopped ??= outcome.error;
}

export function noteConflict(report: RoundReport, folder: RelativePath): void {
  report.conflicts++;
  report.conflictFolder = folder;
}

/** @param folder null if it is not known: everything is listed again. */
export function noteStale(report: RoundReport, node: NodeId, folder: RelativePath | null): void {
  report.staleNodes.add(node);
  if (folder === null) report.isAllStale = true;
  else report.staleFolders.add(folder);
}
