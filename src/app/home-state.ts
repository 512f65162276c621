import type { PairStatus } from '../model/status.ts';
import type { HomeState, HomeStatus, SignedIn } from '../rpc/home-report.ts';

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

/** What a home says of itself, from what its pairs say. */
export function homeStatusOf(account: SignedIn | null, pairs: readonly PairStatus[], isRunning: boolean): HomeStatus {
  const state = account === null ? 'signed-out' : worstState(pairs.map((pair) => pair.state));
  return { state, message: sentence(state, pairs, isRunning), isRunning, account, pairs: [...pairs] };
}

function sentence(state: HomeState, pairs: readonly PairStatus[], isRunning: boolean): string {
  if (state === 'signed-out') return 'Nobody is signed in on this device.';
  if (state === 'no-folders') return 'No folder is synced on this device yet.';
  const said = pairs.find((pair) => pair.state === state)?.message ?? state;
  return isRunning ? said : `Not running. Last known: ${said}`;
}
