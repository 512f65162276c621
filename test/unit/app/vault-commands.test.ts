import { expect, it } from 'vitest';
import type { Device } from '../../../src/app/device.ts';
import type { PairRecord } from '../../../src/app/home/config.ts';
import type { OpenPairs } from '../../../src/app/pairs/open-pairs.ts';
import { vaultCommands } from '../../../src/app/vaults/vault-commands.ts';
import { HoldfastError, securityError } from '../../../src/common/errors.ts';
import type { Issue } from '../../../src/model/status.ts';

const record = (pair: string) => ({ pair, vaultName: pair, folder: `/at/${pair}` }) as PairRecord;
const own: Issue = {
  id: 'skipped:x',
  kind: 'skipped',
  message: 'x',
  node: null,
  path: 'x',
  choices: [],
  createdAt: 1,
  security: null,
  isInformational: true,
};

/** Two pairs, of which the first does not open. */
const issuesWhere = async (error: Error) => {
  const device = { account: () => ({ pin: { frozen: null } }) } as unknown as Device;
  const pairs = {
    records: () => [record('first'), record('second')],
    open: async ({ pair }: PairRecord) => {
      if (pair === 'first') throw error;
      return { pair: { issues: async () => [own] } };
    },
  } as unknown as OpenPairs;
  return (await vaultCommands(device, pairs).issues({ pair: null })).issues;
};

it.each<[string, HoldfastError, Partial<Issue>]>([
  ['is gone', new HoldfastError('io', 'm', { reason: 'root-gone' }), { kind: 'root' }],
  ['has a full disk', new HoldfastError('io', 'm', { reason: 'disk-full' }), { kind: 'disk-full' }],
  ['is of a newer app', new HoldfastError('version', 'm', { hint: 'Update.' }), { message: 'm Update.' }],
  ['is damaged', new HoldfastError('corrupt', 'm'), { kind: 'file-blocked' }],
  ['has keys of another account', securityError('E_MEMBER', 'm'), { kind: 'security', security: 'E_MEMBER' }],
])('a pair that %s has that as its issue, and the others have theirs', async (_, error, expected) => {
  expect(await issuesWhere(error)).toMatchObject([
    { pair: 'first', ...expected },
    { pair: 'second', id: own.id },
  ]);
});

it('what concerns all of them is no issue of one', async () => {
  await expect(issuesWhere(new HoldfastError('refused', 'm'))).rejects.toMatchObject({ kind: 'refused' });
  await expect(issuesWhere(new HoldfastError('bug', 'm'))).rejects.toMatchObject({ kind: 'bug' });
});
