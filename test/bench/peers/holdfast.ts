import { join } from 'node:path';
import { eventually } from '../../helpers/eventually.ts';
import { createTools, type Tools } from '../measure/tools.ts';
import { type HoldfastDevice, holdfastDevice, joinAccount, startServer } from './holdfast-programs.ts';
import type { Peer, Place } from './peer.ts';

/** The server, an account, and a device with its pair for each of the first `count` folders. */
async function signedIn(place: Place, tools: Tools, count: number): Promise<readonly HoldfastDevice[]> {
  const { url } = await startServer(tools, place.server, place.line);
  const folders = place.folders.slice(0, count);
  const devices = folders.map((_, at) => holdfastDevice(tools, join(place.state, `home-${at}`)));
  for (const [at, device] of devices.entries()) await joinAccount(device, url, at === 0, folders[at] ?? '');
  return devices;
}

async function untilQuiet(device: HoldfastDevice): Promise<void> {
  const isQuiet = async (): Promise<boolean> => {
    const { state, isRunning } = await device.run('status');
    return isRunning === true && state === 'up-to-date';
  };
  await eventually(isQuiet, { within: 300_000, what: 'a quiet device' });
}

export const holdfast: Peer = {
  name: 'holdfast',
  title: 'Holdfast, over HTTP to `holdfast serve`',
  isEncrypted: true,
  isRemote: true,
  isSync: true,
  programs: [],
  version: [],
  open: async (place) => {
    const tools = createTools();
    const [a, b] = await signedIn(place, tools, 2);
    const sync = (device: HoldfastDevice | undefined) => async () => {
      await device?.run('sync');
    };
    return { tools, up: sync(a), down: sync(b), across: null, close: tools.close };
  },
  live: async (place, count) => {
    const tools = createTools();
    const devices = await signedIn(place, tools, count);
    for (const device of devices) {
      // The first sync by a command, so that a folder with much in it is watched from a settled state.
      await device.run('sync');
      await device.startDaemon();
    }
    return {
      tools,
      quiet: async () => {
        for (const device of devices) await untilQuiet(device);
      },
      close: tools.close,
    };
  },
};
