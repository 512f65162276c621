import { issuesSentence } from '../../engine/status/pair-state.ts';
import type { PairStatus } from '../../model/status.ts';
import type { HomeState, HomeStatus } from '../../rpc/home-report.ts';
import type { Freeze } from '../../vault/freeze.ts';
import type { PairRecord } from './config.ts';

/** Most urgent first. */
const order: readonly HomeState[] = [
  'frozen',
  'signed-out',
  'root-missing',
  'offline',
  'needs-attention',
  'scanning',
  'syncing',
  'paused',
  'up-to-date',
  'no-folders',
];

export const worstState = (states: readonly HomeState[]): HomeState =>
  order.find((state) => states.includes(state)) ?? 'no-folders';

interface HomeFacts {
  readonly records: readonly Pick<PairRecord, 'pair' | 'pausedUntil'>[];
  readonly isRunning: boolean;
  /** The account is stopped, and so is everything. */
  readonly frozen: Freeze | null;
}

/** What a home says of itself, from what its pairs say. */
export function homeStatusOf(
  account: HomeStatus['account'],
  said: readonly PairStatus[],
  { records, isRunning, frozen }: HomeFacts,
): HomeStatus {
  const ends = new Map(records.map(({ pair, pausedUntil }) => [pair, pausedUntil]));
  const pairs = said.map((pair) => ({ ...pair, pausedUntil: ends.get(pair.pair) ?? null }));
  if (account !== null && frozen !== null) {
    const message = `Stopped for security: ${frozen.message}`;
    const stopped = pairs.map((pair) => ({
      ...pair,
      state: 'frozen' as const,
      message,
      messageKind: 'other' as const,
      since: Math.floor(frozen.atUs / 1000),
    }));
    return { state: 'frozen', message, isRunning, account, pairs: stopped };
  }
  const state = account === null ? 'signed-out' : worstState(pairs.map((pair) => pair.state));
  return { state, message: sentence(state, pairs, isRunning), isRunning, account, pairs };
}

function sentence(state: HomeState, pairs: readonly PairStatus[], isRunning: boolean): string {
  if (state === 'signed-out') return 'Nobody is signed in on this device.';
  if (state === 'no-folders') return 'No folder is synced on this device yet.';
  const concerned = pairs.filter((pair) => pair.state === state);
  const issues = concerned.reduce((sum, pair) => sum + pair.issues, 0);
  const [first] = concerned;
  // Each folder counts its own.
  const said = first?.messageKind === 'issue-count' ? issuesSentence(issues) : (first?.message ?? state);
  return isRunning ? said : `Not running. Last known: ${said}`;
}
