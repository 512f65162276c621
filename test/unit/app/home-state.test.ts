import { expect, it } from 'vitest';
import { homeStatusOf } from '../../../src/app/home/home-state.ts';
import { unknownStatus } from '../../../src/app/home/last-status.ts';
import type { AccountId, DeviceId, PairId, VaultId } from '../../../src/common/ids.ts';
import type { MessageKind, PairState } from '../../../src/model/status.ts';

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

const saying = (...pairs: [state: PairState, message: string, issues: number, kind: MessageKind][]): string =>
  homeStatusOf(
    account,
    pairs.map(([state, message, issues, messageKind]) => ({
      ...unknownStatus({
        pair: '' as PairId,
        vault: '' as VaultId,
        vaultName: 'Photos',
        folder: '/photos',
      }),
      state,
      message,
      messageKind,
      issues,
    })),
    { records: [], isRunning: true, frozen: null },
  ).message;

it('counts the issues of all folders', () => {
  const one = ['needs-attention', 'One issue needs you', 1, 'issue-count'] as const;
  expect(saying([...one])).toBe('One issue needs you');
  const two = ['needs-attention', '2 issues need you', 2, 'issue-count'] as const;
  expect(saying([...one], [...two], ['up-to-date', 'Up to date', 0, 'other'])).toBe('3 issues need you');
  expect(saying(['needs-attention', 'The disk is full.', 0, 'other'], [...one])).toBe('The disk is full.');
  expect(saying(['needs-attention', 'The disk is full.', 1, 'issue'], [...two])).toBe('The disk is full.');
});
