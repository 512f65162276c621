import { HoldfastError } from '../common/errors.ts';
import { serial } from '../engine/serial.ts';
import type { Service } from '../rpc/contract.ts';
import type { ChangedPart, HomeStatus, RpcEvent } from '../rpc/home-report.ts';
import { computerCommands } from './computer-commands.ts';
import type { Device } from './device.ts';
import { defined } from './home/config.ts';
import { type Host, noHost } from './host/host.ts';
import { changedParts } from './pairs/changed-parts.ts';
import { ignoreCommands } from './pairs/ignore-commands.ts';
import { openPairs } from './pairs/open-pairs.ts';
import { pairCommands } from './pairs/pair-commands.ts';
import { throughput } from './pairs/throughput.ts';
import { browseCommands } from './vaults/browse-commands.ts';
import { vaultCommands } from './vaults/vault-commands.ts';

/** Status events come at most this often, in milliseconds; the last one always comes. */
const statusEvery = 200;

/**
 * The contract over one device. `stop` ends the process that serves it; null where there is nothing to stop, as in a
 * single command.
 */
export function deviceService(device: Device, stop: (() => void) | null, host: Host = noHost): Service {
  const { clock } = device.ports;
  const opened = openPairs(device);
  const vaults = vaultCommands(device, opened);
  const speeds = throughput(clock);
  const { run: inTurn } = serial();
  const account = async () => (await import('./account/account-commands.ts')).accountCommands(device);
  const secrets = async () => (await import('./account/secrets-commands.ts')).secretsCommands(device);
  const members = async () => (await import('./account/member-commands.ts')).memberCommands(device);
  const pairs = pairCommands(device);
  /** Who listens, and the state that each was told last: what changed since then is told with the next one. */
  const listeners = new Map<(event: RpcEvent) => void, HomeStatus>();
  let isTelling = false;
  let unlisten: (() => void) | null = null;

  const tell = (event: RpcEvent): void => {
    for (const listener of [...listeners.keys()]) listener(event);
  };
  const tellChanged = (parts: ChangedPart[]): void => tell({ type: 'changed', parts, pair: null });

  const tellStatus = (): void => {
    if (isTelling) return;
    isTelling = true;
    void clock.sleep(statusEvery).then(() => {
      isTelling = false;
      const status = device.status();
      speeds.note(status);
      for (const [listener, told] of [...listeners]) {
        if (!listeners.has(listener)) continue;
        listeners.set(listener, status);
        listener({ type: 'status', status });
        for (const event of changedParts(told, status)) listener(event);
      }
    });
  };

  return {
    ...vaults,
    ...browseCommands(device, opened, vaults.resolve),
    ...computerCommands(device, host, opened),
    ...ignoreCommands(device),
    status: async () => device.status(),
    // What changes who is signed in or which folders are synced happens one after the other.
    signup: (input) => inTurn(async () => (await account()).signup(input)),
    login: (input) => inTurn(async () => (await account()).login(input)),
    recover: (input) => inTurn(async () => (await account()).recover(input)),
    'change-server': (input) => inTurn(async () => (await account())['change-server'](input)),
    logout: (input) => inTurn(async () => (await account()).logout(input)),
    'delete-account': (input) => inTurn(async () => (await account())['delete-account'](input)),
    'change-password': (input) => inTurn(async () => (await secrets())['change-password'](input)),
    'change-words': (input) => inTurn(async () => (await secrets())['change-words'](input)),
    'confirm-words': (input) => inTurn(async () => (await secrets())['confirm-words'](input)),
    devices: async (input) => (await members()).devices(input),
    vaults: async (input) => (await members()).vaults(input),
    'delete-vault': (input) =>
      inTurn(async () => {
        const done = await (await members())['delete-vault'](input);
        tellChanged(['pairs']);
        return done;
      }),
    'revoke-device': (input) =>
      inTurn(async () => {
        await (await members())['revoke-device'](input);
        tellChanged(['devices']);
        return {};
      }),
    pairs: pairs.pairs,
    add: (input) => inTurn(() => pairs.add(input)),
    locate: (input) => inTurn(() => pairs.locate(input)),
    remove: (input) => inTurn(() => pairs.remove(input)),
    pause: (input) => inTurn(() => pairs.pause(input)),
    resume: (input) => inTurn(() => pairs.resume(input)),
    sync: pairs.sync,
    stop: async () => {
      if (stop === null) throw new HoldfastError('usage', 'No daemon is running.', { reason: 'not-running' });
      tell({ type: 'stopping' });
      stop();
      return {};
    },
    doctor: async () => (await import('./doctor/examine.ts')).examine(device),
    'settings-get': async () => device.config().settings,
    'settings-set': (change) =>
      inTurn(async () => {
        device.setSettings({ ...device.config().settings, ...defined(change) });
        tellChanged(['settings']);
        return device.config().settings;
      }),
    throughput: async () => ({ samples: speeds.samples() }),
    diagnostics: async () => (await import('./diagnostics.ts')).diagnose(device),
    listen: (listener) => {
      const status = device.status();
      listeners.set(listener, status);
      unlisten ??= device.onStatus(tellStatus);
      listener({ type: 'status', status });
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        unlisten?.();
        unlisten = null;
      };
    },
  };
}
