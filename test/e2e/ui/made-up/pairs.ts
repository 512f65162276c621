import type { VaultId } from '../../../../src/common/ids.ts';
import type { PairStatus } from '../../../../src/model/status.ts';
import type { Output } from '../../../../src/rpc/contract.ts';
import { ago, day, id, minute } from './basics.ts';
import { pairStatus } from './statuses.ts';

/** A pair as the list of pairs has it. */
export const info = ({ pair, vault, vaultName, folder, state }: PairStatus) => ({
  pair,
  vault,
  vaultName,
  folder,
  isPaused: state === 'paused',
  pausedUntil: state === 'paused' ? Date.now() + 40 * minute : null,
  createdAt: ago(100 * day),
});

export const addedPair = (): Output<'add'> => ({
  ...info(pairStatus(0)),
  isPaused: true,
  pausedUntil: null,
  isNewVault: true,
});

export const vaults = (): Output<'vaults'>['vaults'] => [
  { vault: id(0x210) as VaultId, name: 'Letters', bytes: 52_428_800, pair: null },
  { vault: id(0x211) as VaultId, name: 'Music', bytes: 21_474_836_480, pair: null },
];

export const folderListing = (): Output<'folders'> => ({
  folder: '/home/ada',
  parent: '/home',
  folders: ['Desktop', 'Documents', 'Downloads', 'Music', 'Pictures', 'Templates', 'Videos'].map((name) => ({
    name,
    path: `/home/ada/${name}`,
  })),
});

export const plan = (): Output<'plan'> => ({
  counts: { up: 312, down: 40, deletes: 0, moves: 0, conflicts: 3, held: 0, bytesUp: 1.24e9, bytesDown: 86e6 },
  lines: [
    ['up', 'Bills/2026/electricity.pdf', 'It is new on this device.'],
    ['down', 'Photos/2026/Baltic coast in May/IMG_20260504_101112.jpg', 'It is new in the vault.'],
    [
      'up',
      'letter to the landlord.odt',
      'It was edited on both sides; the version of this device is kept as a conflict copy.',
    ],
    ['settle', 'notes.md', 'The same file is already on both sides.'],
  ].map(([direction, path, rule]) => ({ direction, operation: 'x', path, rule }) as Output<'plan'>['lines'][number]),
});

/** Of two sides that have nothing. */
export const emptyPlan: Output<'plan'> = {
  counts: { up: 0, down: 0, deletes: 0, moves: 0, conflicts: 0, held: 0, bytesUp: 0, bytesDown: 0 },
  lines: [],
};
