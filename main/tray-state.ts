import type { HomeState, HomeStatus } from '../src/rpc/home-report.ts';
import { waitingChanges } from '../src/rpc/waiting-changes.ts';
import type { Words } from './words.ts';

/** The five faces of the tray icon. */
export type TrayState = 'up-to-date' | 'syncing' | 'paused' | 'offline' | 'attention';
export const trayStates: readonly TrayState[] = ['up-to-date', 'syncing', 'paused', 'offline', 'attention'];

const faces: Readonly<Record<HomeState, TrayState>> = {
  'up-to-date': 'up-to-date',
  'no-folders': 'up-to-date',
  scanning: 'syncing',
  syncing: 'syncing',
  paused: 'paused',
  offline: 'offline',
  'signed-out': 'offline',
  'needs-attention': 'attention',
  'root-missing': 'attention',
  frozen: 'attention',
};

/** Null: the engine is not running. */
export const trayState = (status: HomeStatus | null): TrayState => (status === null ? 'offline' : faces[status.state]);

/** The one line that a person reads first. */
export function statusLine(status: HomeStatus | null, { states, starting }: Words): string {
  if (status === null) return starting;
  const moving = status.pairs.reduce((sum, { up, down }) => sum + left(up) + left(down), 0);
  const sentences: Readonly<Record<HomeState, string>> = {
    'up-to-date': states.upToDate,
    'no-folders': states.noFolders,
    scanning: states.checking,
    syncing: states.syncing(moving),
    paused: states.paused,
    offline: states.offline(status.pairs.reduce((sum, pair) => sum + waitingChanges(pair), 0)),
    'signed-out': states.signedOut,
    'needs-attention': states.attention,
    'root-missing': states.attention,
    frozen: states.security,
  };
  return sentences[status.state];
}

const left = ({ filesDone, filesTotal }: { readonly filesDone: number; readonly filesTotal: number }): number =>
  Math.max(0, filesTotal - filesDone);
