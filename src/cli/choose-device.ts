import { HoldfastError } from '../common/errors.ts';
import { printable } from '../common/printable.ts';
import type { DeviceInfo } from '../rpc/app-report.ts';
import { timeText } from './format.ts';

/** The one other device of the account that `word` means: its id, a beginning of that as `devices` lists it, or its name. */
export function chooseDevice(devices: readonly DeviceInfo[], word: string): DeviceInfo {
  const exact = devices.filter(({ device, name }) => device === word || name === word);
  const found = exact.length > 0 ? exact : devices.filter(({ device }) => word.length >= 4 && device.startsWith(word));
  const there = found.filter(({ isRevoked }) => !isRevoked);
  const [match, ...others] = there;
  if (match === undefined) {
    const [removed] = found;
    throw removed === undefined
      ? usage('no-such-device', `No device of the account is “${printable(word)}”.`, '`devices` lists them.')
      : usage('device-removed', `The device “${printable(removed.name)}” has already been removed from the account.`);
  }
  if (others.length > 0) {
    const ids = there.map(({ device, addedAt, isThis }) => {
      const note = isThis ? 'this device' : `added ${timeText(addedAt)}`;
      return `${device.slice(0, 8)} (${note})`;
    });
    throw usage(
      'which-device',
      `“${printable(word)}” means several devices: ${ids.join(', ')}.`,
      'Use the id of one of them.',
    );
  }
  if (match.isThis) throw usage('this-device', 'This is the device you are using.', 'To sign out here, use `logout`.');
  return match;
}

const usage = (reason: string, message: string, hint?: string): HoldfastError =>
  new HoldfastError('usage', message, hint === undefined ? { reason } : { reason, hint });
