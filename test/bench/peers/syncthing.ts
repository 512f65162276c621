import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../helpers/eventually.ts';
import { createTools, type Tools } from '../measure/tools.ts';
import { freePort } from './free-port.ts';
import type { Peer, Place } from './peer.ts';
import { type SyncthingApi, syncthingApi } from './syncthing-api.ts';

const key = 'bench-key';
const folderId = 'bench';
/** Its shortest whole delay from a change to its scan, in seconds; it comes with ten. */
const delay = 1;

interface Instance {
  readonly id: string;
  readonly api: SyncthingApi;
  readonly address: string;
}

async function start(tools: Tools, home: string): Promise<Instance> {
  await mkdir(home, { recursive: true });
  // As if watched over by another process of it: it then works itself, where it can be measured.
  const env = { HOME: home, STNOUPGRADE: '1', STMONITORED: '1' };
  await tools.run('syncthing', ['generate', '--home', home, '--no-default-folder'], { env });
  const [gui, port] = [await freePort(), await freePort()];
  const words = ['serve', '--home', home, '--no-browser', '--no-restart', '--no-upgrade'];
  tools.stay('device', 'syncthing', [...words, '--gui-address', `127.0.0.1:${gui}`, '--gui-apikey', key], { env });
  const api = syncthingApi(gui, key);
  const status = await eventually(() => api.get('system/status'), { within: 30_000, what: 'Syncthing' });
  const address = `tcp://127.0.0.1:${port}`;
  await api.put('config/options', {
    ...(await api.get('config/options')),
    listenAddresses: [address],
    globalAnnounceEnabled: false,
    localAnnounceEnabled: false,
    relaysEnabled: false,
    natEnabled: false,
    crashReportingEnabled: false,
    setLowPriority: false,
    urAccepted: -1,
  });
  return { id: String(status['myID']), api, address };
}

/** One instance for each of the first `count` folders, all of which know each other and have looked into their folder. */
async function connected(place: Place, tools: Tools, count: number, isWatching: boolean): Promise<readonly Instance[]> {
  const instances: Instance[] = [];
  for (let at = 0; at < count; at++) instances.push(await start(tools, join(place.state, `home-${at}`)));
  const devices = instances.map(({ id }) => ({ deviceID: id }));
  for (const [at, { api }] of instances.entries()) {
    for (const { id, address } of instances)
      await api.put(`config/devices/${id}`, { deviceID: id, addresses: [address] });
    await api.put(`config/folders/${folderId}`, {
      id: folderId,
      path: place.folders[at],
      devices,
      fsWatcherEnabled: isWatching,
      fsWatcherDelayS: delay,
      rescanIntervalS: 0,
    });
  }
  for (const { api } of instances) {
    const isConnected = async (): Promise<boolean> => {
      const { connections } = await api.get('system/connections');
      return (
        Object.values(connections as Record<string, { connected: boolean }>).filter((one) => one.connected).length >=
        count - 1
      );
    };
    await eventually(isConnected, { within: 60_000, what: 'Syncthing instances that are connected' });
    await idle(api);
  }
  return instances;
}

/** Resolves when the instance has scanned its folder and does nothing with it. */
async function idle(api: SyncthingApi): Promise<void> {
  const isIdle = async (): Promise<boolean> => (await api.get(`db/status?folder=${folderId}`))['state'] === 'idle';
  await eventually(isIdle, { within: 300_000, what: 'Syncthing to be idle' });
}

const counts = ['Bytes', 'Files', 'Directories', 'Deleted'] as const;

/** Resolves when `to` has all that `from` has, as both of them say: neither knows at once what the other one got. */
async function completed(from: Instance, to: Instance, within: number): Promise<void> {
  const isComplete = async (): Promise<boolean> => {
    const { needItems, needDeletes } = await from.api.get(`db/completion?folder=${folderId}&device=${to.id}`);
    if (needItems !== 0 || needDeletes !== 0) return false;
    const [has, knows] = [
      await from.api.get(`db/status?folder=${folderId}`),
      await to.api.get(`db/status?folder=${folderId}`),
    ];
    const isKnown = counts.every((name) => has[`local${name}`] === knows[`global${name}`]);
    return isKnown && knows['needTotalItems'] === 0 && knows['state'] === 'idle';
  };
  await eventually(isComplete, { within, what: 'the other Syncthing to have it all' });
}

export const syncthing: Peer = {
  name: 'syncthing',
  title: `Syncthing, two instances with a delay of ${delay} s`,
  isEncrypted: true,
  isRemote: true,
  isSync: true,
  programs: ['syncthing'],
  version: ['syncthing', '--version'],
  open: async (place) => {
    const tools = createTools();
    const [a, b] = await connected(place, tools, 2, false);
    if (a === undefined || b === undefined) throw new Error('two instances');
    return {
      tools,
      up: null,
      down: null,
      across: async () => {
        await a.api.post(`db/scan?folder=${folderId}`);
        await completed(a, b, 480_000);
      },
      close: tools.close,
    };
  },
  live: async (place, count) => {
    const tools = createTools();
    const instances = await connected(place, tools, count, true);
    return {
      tools,
      quiet: async () => {
        for (const one of instances) {
          await idle(one.api);
          for (const other of instances) if (other !== one) await completed(one, other, 300_000);
        }
      },
      close: tools.close,
    };
  },
};
