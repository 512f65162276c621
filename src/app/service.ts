import { HoldfastError } from '../common/errors.ts';
import type { Service } from '../rpc/contract.ts';
import type { RpcEvent } from '../rpc/home-report.ts';
import type { Device } from './device.ts';
import { pairCommands } from './pair-commands.ts';
import { vaultCommands } from './vault-commands.ts';

/** Status events come at most this often, in milliseconds; the last one always comes. */
const statusEvery = 200;

/**
 * The contract over one device. `stop` ends the process that serves it; null where there is nothing to stop, as in a
 * single command.
 */
export function deviceService(device: Device, stop: (() => void) | null): Service {
  const { clock } = device.ports;
  const changes = serial();
  const account = async () => (await import('./account-commands.ts')).accountCommands(device);
  const pairs = pairCommands(device);
  const listeners = new Set<(event: RpcEvent) => void>();
  let isTelling = false;
  let unlisten: (() => void) | null = null;

  const tellStatus = (): void => {
    if (isTelling) return;
    isTelling = true;
    void clock.sleep(statusEvery).then(() => {
      isTelling = false;
      const event: RpcEvent = { type: 'status', status: device.status() };
      for (const listener of [...listeners]) listener(event);
    });
  };

  return {
    ...vaultCommands(device),
    status: async () => device.status(),
    // What changes who is signed in or which folders are synced happens one after the other.
    signup: (input) => changes(async () => (await account()).signup(input)),
    login: (input) => changes(async () => (await account()).login(input)),
    recover: (input) => changes(async () => (await account()).recover(input)),
    logout: (input) => changes(async () => (await account()).logout(input)),
    pairs: pairs.pairs,
    add: (input) => changes(() => pairs.add(input)),
    remove: (input) => changes(() => pairs.remove(input)),
    pause: (input) => changes(() => pairs.pause(input)),
    resume: (input) => changes(() => pairs.resume(input)),
    sync: pairs.sync,
    stop: async () => {
      if (stop === null) throw new HoldfastError('usage', 'No daemon is running.', { reason: 'not-running' });
      for (const listener of [...listeners]) listener({ type: 'stopping' });
      stop();
      return {};
    },
    doctor: async () => (await import('./doctor/examine.ts')).examine(device),
    'settings-get': async () => device.config().settings,
    'settings-set': (change) =>
      changes(async () => {
        const { settings } = device.config();
        device.setSettings({
          upBytesPerSecond: change.upBytesPerSecond === undefined ? settings.upBytesPerSecond : change.upBytesPerSecond,
          downBytesPerSecond:
            change.downBytesPerSecond === undefined ? settings.downBytesPerSecond : change.downBytesPerSecond,
        });
        return device.config().settings;
      }),
    listen: (listener) => {
      listeners.add(listener);
      unlisten ??= device.onStatus(tellStatus);
      listener({ type: 'status', status: device.status() });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unlisten?.();
        unlisten = null;
      };
    },
  };
}

function serial(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
}
