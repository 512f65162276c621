import type { Output } from '../../../../src/rpc/contract.ts';
import { account } from './account.ts';
import { ago, day, hour, minute, pairId } from './basics.ts';

const changes: readonly (readonly [number, string, readonly (readonly [string, string, string | null])[], number])[] = [
  [4 * minute, 'Ada’s desk', [['revise', 'Bills/2026/electricity.pdf', null]], 1],
  [
    50 * minute,
    'Laptop in the kitchen',
    [
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101112.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101113.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101115.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101119.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101120.jpg', null],
      ['create', 'Photos/2026/Baltic coast in May/IMG_20260504_101122.jpg', null],
    ],
    204,
  ],
  [
    25 * hour,
    'Ada’s desk',
    [
      ['place', 'Taxes 2025/receipts', 'Receipts'],
      ['delete', 'old draft.txt', null],
      ['restore', 'plan.md', null],
    ],
    3,
  ],
  [4 * day, 'Ada’s desk', [['create', 'notes.md', null]], 1],
  [5 * day, 'Ada’s desk', [['create', 'Recipes', null]], 1],
  [6 * day, 'Ada’s desk', [['delete', 'Recipes/From the net', null]], 12],
];

export const activity = (): Output<'activity'>['activity'] =>
  changes.map(([back, deviceName, of, changeCount], n) => ({
    pair: pairId(0),
    folder: '/home/ada/Documents',
    batch: String(90 - n),
    seq: 90 - n,
    time: ago(back),
    device: account.device,
    deviceName,
    changes: of.map(([what, path, from]) => ({ what, kind: /\.\w+$/.test(path) ? 'file' : 'folder', path, from })),
    changeCount,
  }));

/** Of a device and with files whose names are as long as they may be. */
export const longActivity = (): Output<'activity'>['activity'] =>
  [...otherActivity(), ...activity()].map((item) => ({
    ...item,
    deviceName: 'W'.repeat(64),
    changes: item.changes.map((change) => ({ ...change, path: `${'x'.repeat(255)}/${'x'.repeat(255)}` })),
  }));

/** Of the folder of photos, newer than all that the first one has. */
export const otherActivity = (): Output<'activity'>['activity'] => [
  {
    pair: pairId(1),
    folder: '/home/ada/Pictures',
    batch: '12',
    seq: 12,
    time: ago(minute),
    device: account.device,
    deviceName: 'Laptop in the kitchen',
    changes: [{ what: 'create', kind: 'file', path: 'Gotland/IMG_0001.jpg', from: null }],
    changeCount: 1,
  },
];
