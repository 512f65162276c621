import type { ErrorKind } from '../common/errors.ts';
import type { HomeState, SyncReport } from '../rpc/home-report.ts';

/** Part of the contract with scripts. */
export const exitCode = {
  done: 0,
  usage: 1,
  /** Done, but something is held or needs a person. */
  attention: 2,
  offline: 3,
  /** Not signed in, or refused, by the server or by this computer. */
  refused: 4,
  security: 5,
  bug: 70,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

const byKind: Readonly<Record<ErrorKind, ExitCode>> = {
  usage: exitCode.usage,
  missing: exitCode.usage,
  offline: exitCode.offline,
  refused: exitCode.refused,
  limit: exitCode.refused,
  conflict: exitCode.refused,
  io: exitCode.refused,
  corrupt: exitCode.refused,
  version: exitCode.refused,
  security: exitCode.security,
  bug: exitCode.bug,
};

export const exitCodeOf = (kind: ErrorKind): ExitCode => byKind[kind];

/** The most serious thing that any pair ended with. */
export function syncExitCode({ converged, issues, held, pairs }: SyncReport): ExitCode {
  const has = (state: HomeState): boolean => pairs.some((pair) => pair.state === state);
  if (has('frozen')) return exitCode.security;
  if (has('offline')) return exitCode.offline;
  return converged && issues === 0 && held === 0 ? exitCode.done : exitCode.attention;
}
