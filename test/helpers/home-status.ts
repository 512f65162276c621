import { type AccountId, type DeviceId, newId, type PairId, type VaultId } from '../../src/common/ids.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import type { HomeState, HomeStatus } from '../../src/rpc/home-report.ts';

type Pair = HomeStatus['pairs'][number];
const nothing = { filesDone: 0, filesTotal: 0, bytesDone: 0, bytesTotal: 0, bytesPerSecond: 0 };

export function pairOf(change: Partial<Pair> = {}): Pair {
  return {
    pair: newId<PairId>(systemRandom),
    vault: newId<VaultId>(systemRandom),
    vaultName: 'documents',
    folder: '/home/ada/Documents',
    state: 'up-to-date',
    message: '',
    messageKind: 'other',
    up: nothing,
    down: nothing,
    pending: 0,
    held: 0,
    issues: 0,
    files: 0,
    folders: 0,
    seq: 0,
    serverSeq: 0,
    lastSyncedAt: null,
    heard: [],
    lastConflict: null,
    pausedUntil: null,
    ...change,
  };
}

export const accountOf = (change: Partial<NonNullable<HomeStatus['account']>> = {}): HomeStatus['account'] => ({
  server: 'https://sync.example.org',
  email: 'ada@example.org',
  account: newId<AccountId>(systemRandom),
  device: newId<DeviceId>(systemRandom),
  deviceName: 'desk',
  areWordsUnconfirmed: false,
  newDevice: null,
  newVault: null,
  ...change,
});

export const statusOf = (state: HomeState, pairs: readonly Pair[] = []): HomeStatus => ({
  state,
  message: '',
  isRunning: true,
  account: null,
  pairs: [...pairs],
});
