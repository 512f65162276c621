import { unknownStatus } from '../../src/app/home/last-status.ts';
import { type AccountId, type DeviceId, newId, type PairId, type VaultId } from '../../src/common/ids.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import type { HomeState, HomeStatus } from '../../src/rpc/home-report.ts';

type Pair = HomeStatus['pairs'][number];

export function pairOf(change: Partial<Pair> = {}): Pair {
  return {
    ...unknownStatus({
      pair: newId<PairId>(systemRandom),
      vault: newId<VaultId>(systemRandom),
      vaultName: 'documents',
      folder: '/home/ada/Documents',
    }),
    state: 'up-to-date',
    message: '',
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
