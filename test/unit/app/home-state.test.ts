import { expect, it } from 'vitest';
import { homeStatusOf } from '../../../src/app/home-state.ts';
import { unknownStatus } from '../../../src/app/last-status.ts';
import type { AccountId, DeviceId, PairId, VaultId } from '../../../src/common/ids.ts';
import type { PairState } from '../../../src/model/status.ts';

const account = {
  server: 'https://sync.example.org',
  email: 'a@example.com',
  account: '' as AccountId,
  device: '' as DeviceId,
  deviceName: 'Desk',
  areWordsUnconfirmed: false,
  newDevice: null,
  newVault: null,
};

const saying = (...pairs: [state: PairState, message: string, issues: number][]): string =>
  homeStatusOf(
    account,
    pairs.map(([state, message, issues]) => ({
      ...unknownStatus({
        pair: '' as PairId,
        vault: '' as VaultId,
        vaultName: 'Photos',
        folder: '/photos',
        isPaused: false,
        pausedUntil: null,
        deselected: [],
        createdAt: 0,
      }),
      state,
      message,
      issues,
    })),
    { records: [], isRunning: true, frozen: null },
  ).message;

it('counts the issues of all folders', () => {
  const one = ['needs-attention', 'One issue needs you', 1] as const;
  expect(saying([...one])).toBe('One issue needs you');
  expect(saying([...one], ['needs-attention', '2 issues need you', 2], ['up-to-date', 'Up to date', 0])).toBe(
    '3 issues need you',
  );
  expect(saying(['needs-attention', 'The disk is full.', 0], [...one])).toBe('The disk is full.');
});
