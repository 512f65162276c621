import type { DeviceId } from '../../common/ids.ts';
import type { HeardDevice } from '../../model/status.ts';
import type { LogPosition } from '../../vault/position.ts';
import type { Stamp } from '../../vault/vault-tree.ts';

/** For each device that wrote to the vault, when it was last heard of, in milliseconds. */
export type Heard = Readonly<Record<DeviceId, number>>;

/** From storage. What is no time there is forgotten: nothing is decided by it, and the next entry mends it. */
export function parseHeard(value: unknown): Heard {
  const stored = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(stored.filter(([, at]) => Number.isSafeInteger(at)));
}

/** Of devices whose entries came without their times (in a checkpoint), silence is counted from now on. */
export const heardAtLeast = (heard: Heard, { deviceSeqs }: LogPosition, now: number): Heard => ({
  ...Object.fromEntries(Object.keys(deviceSeqs).map((device) => [device, now])),
  ...heard,
});

/**
 * After an entry: its author's time, or now if that is earlier, since who sets a clock ahead would be heard of for ever. So
 * would everybody of whom this device heard while its own clock was ahead: nobody was heard of later than now.
 */
export const hear = (heard: Heard, { deviceId, timeUs }: Stamp, now: number): Heard => {
  const at = Math.max(heard[deviceId] ?? Number.NEGATIVE_INFINITY, Math.floor(timeUs / 1000));
  const next: Heard = { ...heard, [deviceId]: at };
  return Object.fromEntries(Object.entries(next).map(([device, time]) => [device, Math.min(time, now)]));
};

/** Three signs of life that did not come. */
const overdueMs = 3 * 24 * 60 * 60_000;

/**
 * The devices of `isOther`, with how long they have been silent. Silence counts up to `pulledAt`, when the server was last
 * asked: who is offline hears of nobody, which says nothing about the others.
 */
export function heardDevices(
  heard: Heard,
  pulledAt: number | null,
  isOther: (device: DeviceId) => boolean,
  nameOf: (device: DeviceId) => string,
): HeardDevice[] {
  return Object.entries(heard)
    .map(([device, lastHeardAt]) => ({ device: device as DeviceId, lastHeardAt }))
    .filter(({ device }) => isOther(device))
    .map(({ device, lastHeardAt }) => ({
      device,
      deviceName: nameOf(device),
      lastHeardAt,
      isOverdue: pulledAt !== null && pulledAt - lastHeardAt > overdueMs,
    }))
    .sort((a, b) => a.lastHeardAt - b.lastHeardAt || (a.device < b.device ? -1 : 1));
}
