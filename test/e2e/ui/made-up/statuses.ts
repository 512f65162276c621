import type { DeviceId, VaultId } from '../../../../src/common/ids.ts';
import { vaultGone } from '../../../../src/remote/reply-failure.ts';
import type { Output } from '../../../../src/rpc/contract.ts';
import type { HomeStatus } from '../../../../src/rpc/home-report.ts';
import { account as signedIn } from './account.ts';
import { ago, day, id, minute, pairId } from './basics.ts';

const account = { ...signedIn, areWordsUnconfirmed: false, newDevice: null, newVault: null };

type PairStatus = HomeStatus['pairs'][number];

const still = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

export const pairStatus = (n: number, more: Partial<PairStatus> = {}): PairStatus => ({
  pair: pairId(n),
  vault: id(0x200 + n) as VaultId,
  vaultName: ['Documents', 'Photos', 'Shared projects'][n] ?? 'Folder',
  folder: ['/home/ada/Documents', '/home/ada/Pictures/Photos', '/home/ada/Shared projects'][n] ?? '/home/ada/Folder',
  state: 'up-to-date',
  message: 'Up to date',
  messageKind: 'other',
  up: still,
  down: still,
  pending: 0,
  held: 0,
  issues: 0,
  files: [2418, 18_204, 96][n] ?? 3,
  folders: [311, 402, 12][n] ?? 1,
  seq: 40,
  serverSeq: 40,
  lastSyncedAt: ago(2 * minute),
  since: null,
  heard: [],
  lastConflict: null,
  pausedUntil: null,
  ...more,
});

export const homeStatus = (state: HomeStatus['state'], pairs: readonly PairStatus[]): HomeStatus => ({
  state,
  message: '',
  isRunning: true,
  account,
  pairs: [...pairs],
});

export const settled = (): HomeStatus => homeStatus('up-to-date', [pairStatus(0), pairStatus(1), pairStatus(2)]);

export const conflicted = (): HomeStatus =>
  homeStatus('up-to-date', [pairStatus(0, { lastConflict: { at: ago(minute), folder: 'Taxes' } }), pairStatus(1)]);

export const joined = (): HomeStatus => ({
  ...settled(),
  account: { ...account, newDevice: { device: id(0x310) as DeviceId, deviceName: 'Ada’s new laptop' } },
});

/** Folders whose names are as long as they may be. */
export const long = (): HomeStatus =>
  homeStatus(
    'up-to-date',
    [0, 1].map((n) => pairStatus(n, { vaultName: 'x'.repeat(255), folder: `/home/ada/${'x'.repeat(255)}` })),
  );

/** The server is on this computer. */
export const keptHere = (): HomeStatus => ({ ...settled(), account: { ...account, server: 'http://127.0.0.1:8470' } });

export const syncing = (): HomeStatus =>
  homeStatus('syncing', [
    pairStatus(0),
    pairStatus(1, {
      state: 'syncing',
      up: { filesDone: 412, filesTotal: 1204, bytesDone: 1.3e9, bytesTotal: 4.1e9, bytesPerSecond: 6.4e6 },
      down: { ...still, filesDone: 3, filesTotal: 9, bytesDone: 2e6, bytesTotal: 9e6, bytesPerSecond: 1.1e6 },
      pending: 798,
      lastSyncedAt: ago(3 * day),
    }),
    pairStatus(2, { state: 'scanning', lastSyncedAt: null, files: 0, folders: 0 }),
  ]);

/** Whoever made the account went away from its recovery words. */
export const unconfirmed = (): HomeStatus => ({ ...settled(), account: { ...account, areWordsUnconfirmed: true } });

/** One of each state that is not the usual one. */
export const troubled = (): HomeStatus =>
  homeStatus('frozen', [
    pairStatus(0, { state: 'frozen', issues: 1 }),
    pairStatus(1, { state: 'root-missing', issues: 1 }),
    pairStatus(2, { state: 'needs-attention', messageKind: 'issue-count', held: 1342, issues: 1, pending: 1342 }),
    pairStatus(3, { state: 'offline', vaultName: 'Letters', pending: 12, since: ago(3 * day) }),
    pairStatus(4, { state: 'paused', vaultName: 'Music' }),
  ]);

/** Another device has deleted the vault of one folder. */
export const bereft = (): HomeStatus =>
  homeStatus('needs-attention', [
    pairStatus(0),
    pairStatus(1),
    pairStatus(2, { state: 'needs-attention', issues: 1, message: vaultGone, messageKind: 'issue' }),
  ]);

/** Another device has removed this one. */
export const refused = (): HomeStatus =>
  homeStatus(
    'needs-attention',
    // Each folder may have issues of its own, and be refused all the same.
    [0, 1].map((issues) =>
      pairStatus(issues, {
        issues,
        state: 'needs-attention',
        message: 'The server does not let this device in any more.',
      }),
    ),
  );

export const signedOut = (): HomeStatus => ({
  state: 'signed-out',
  message: '',
  isRunning: true,
  account: null,
  pairs: [],
});

/** Waves of a working day: some hundred samples of the last three minutes. */
export const throughput = (): Output<'throughput'>['samples'] =>
  Array.from({ length: 150 }, (_, n) => ({
    time: ago((150 - n) * 1000),
    up: Math.round(6.4e6 * (0.6 + 0.35 * Math.sin(n / 9) + 0.05 * Math.sin(n))),
    down: Math.round(2e6 * Math.max(0, Math.sin(n / 21))),
  }));
