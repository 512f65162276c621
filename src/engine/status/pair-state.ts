import type { HoldfastError } from '../../common/errors.ts';
import type { MessageKind, PairState } from '../../model/status.ts';

/** All that decides what a pair is said to be doing. */
export interface PairFacts {
  readonly isFrozen: boolean;
  readonly rootProblem: string | null;
  readonly isPaused: boolean;
  readonly activity: 'none' | 'scanning' | 'syncing';
  /** Why the last cycle ended early. */
  readonly lastError: HoldfastError | null;
  /** An open issue says what `lastError` says. */
  readonly isErrorAnIssue: boolean;
  readonly openIssues: number;
  readonly diverged: number;
  readonly unwatched: number;
  /** Something is still to be looked at. */
  readonly isPending: boolean;
  /** Changes wait until they are quiet. */
  readonly isRestless: boolean;
  /** Since the start both sides were looked at once. */
  readonly isObserved: boolean;
  /** The server hinted at more than was verified. */
  readonly isBehind: boolean;
}

export interface SaidOfPair {
  readonly state: PairState;
  readonly message: string;
  /** Without it, `other`. */
  readonly messageKind?: MessageKind;
}

/** Pure. `up-to-date` is what is left when nothing else can be said. */
export function pairState(facts: PairFacts): SaidOfPair {
  if (facts.isFrozen) {
    return { state: 'frozen', message: 'Stopped for security: nothing is changed here or sent. See the issues.' };
  }
  if (facts.rootProblem !== null) return { state: 'root-missing', message: facts.rootProblem };
  if (facts.isPaused) return { state: 'paused', message: 'Paused' };
  if (facts.lastError !== null) {
    if (facts.lastError.kind === 'offline') return { state: 'offline', message: `Offline: ${facts.lastError.message}` };
    const messageKind = facts.isErrorAnIssue ? 'issue' : 'other';
    return { state: 'needs-attention', message: facts.lastError.message, messageKind };
  }
  if (facts.activity === 'scanning') return { state: 'scanning', message: 'Looking for changes' };
  if (facts.activity === 'syncing') return { state: 'syncing', message: 'Syncing' };
  if (facts.openIssues > 0) {
    return { state: 'needs-attention', message: issuesSentence(facts.openIssues), messageKind: 'issue-count' };
  }
  if (facts.isRestless && facts.isObserved) return { state: 'syncing', message: 'Waiting for files to settle' };
  if (!facts.isObserved || facts.isPending || facts.isBehind)
    return { state: 'scanning', message: 'Looking for changes' };
  if (facts.diverged > 0) return { state: 'syncing', message: 'Waiting for files to settle' };
  if (facts.unwatched > 0)
    return { state: 'needs-attention', message: 'Some folders cannot be watched; they are checked from time to time' };
  return { state: 'up-to-date', message: 'Up to date' };
}

export const issuesSentence = (count: number): string =>
  count === 1 ? 'One issue needs you' : `${count} issues need you`;
