import type { AccountId, DeviceId } from '../../../../src/common/ids.ts';
import type { Output } from '../../../../src/rpc/contract.ts';
import { ago, day, id } from './basics.ts';

export const account = {
  server: 'https://sync.example.org',
  email: 'ada@example.org',
  account: id(0x300) as AccountId,
  device: id(0x400) as DeviceId,
  deviceName: 'Ada’s desk',
};

export const devices = (): Output<'devices'>['devices'] => [
  {
    device: account.device,
    name: 'Ada’s desk',
    isThis: true,
    addedAt: ago(200 * day),
    isRevoked: false,
    lastHeardAt: null,
    isOverdue: false,
  },
  {
    device: id(0x401) as DeviceId,
    name: 'Laptop in the kitchen',
    isThis: false,
    addedAt: ago(90 * day),
    isRevoked: false,
    lastHeardAt: ago(5 * day),
    isOverdue: true,
  },
  {
    device: id(0x402) as DeviceId,
    name: 'Old netbook',
    isThis: false,
    addedAt: ago(900 * day),
    isRevoked: true,
    lastHeardAt: null,
    isOverdue: false,
  },
];

export const recoveryWords =
  'abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual';
