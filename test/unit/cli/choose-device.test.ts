import { describe, expect, it } from 'vitest';
import { chooseDevice } from '../../../src/cli/choose-device.ts';
import type { DeviceId } from '../../../src/common/ids.ts';
import type { DeviceInfo } from '../../../src/rpc/app-report.ts';

const device = (id: string, name: string, more: Partial<DeviceInfo> = {}): DeviceInfo => ({
  device: id.padEnd(32, '0') as DeviceId,
  name,
  isThis: false,
  addedAt: 0,
  isRevoked: false,
  lastHeardAt: null,
  isOverdue: false,
  ...more,
});

const devices = [
  device('aaaa1111', 'Desk', { isThis: true }),
  device('bbbb2222', 'Laptop'),
  device('bbbb3333', 'Laptop'),
  device('cccc4444', 'Phone', { isRevoked: true }),
  device('dddd5555', 'Phone'),
  device('eeee6666', 'Old', { isRevoked: true }),
  device('ffff7777', 'bbbb'),
];
const chosen = (word: string): string => chooseDevice(devices, word).device.slice(0, 8);
const refusal = (word: string): unknown => {
  try {
    return chooseDevice(devices, word);
  } catch (error) {
    return error;
  }
};

describe('the device to remove', () => {
  it.each([
    ['dddd5555'.padEnd(32, '0'), 'dddd5555'],
    ['bbbb2', 'bbbb2222'],
    ['Phone', 'dddd5555'],
    ['bbbb', 'ffff7777'],
  ])('%s', (word, id) => expect(chosen(word)).toBe(id));

  it('is not guessed: of several, the ids are told', () => {
    expect(refusal('Laptop')).toMatchObject({
      kind: 'usage',
      reason: 'which-device',
      message: expect.stringMatching(
        /^“Laptop” means several devices: bbbb2222 \(added .+\), bbbb3333 \(added .+\)\.$/,
      ),
    });
  });

  it.each([
    ['Desk', 'this-device'],
    ['Old', 'device-removed'],
    ['Nobody', 'no-such-device'],
    ['eee', 'no-such-device'],
    ['', 'no-such-device'],
  ])('is not %j: %s', (word, reason) => expect(refusal(word)).toMatchObject({ kind: 'usage', reason }));
});
