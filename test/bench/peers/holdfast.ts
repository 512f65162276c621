import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '../../helpers/eventually.ts';
import { repository } from '../../helpers/run.ts';
import { createTools, type Tools } from '../measure/tools.ts';
import type { Peer, Place } from './peer.ts';

/** As `npm run cli` does. */
const command = ['--max-semi-space-size=1', join(repository, 'src/cli/main.ts')];
const env = {
  HOLDFAST_PASSWORD: 'quiet lamp orbits seven pines',
  HOLDFAST_HOME: undefined,
  HOLDFAST_KEY_PASSPHRASE: undefined,
  XDG_CACHE_HOME: join(repository, 'node_modules/.cache'),
};

interface Device {
  readonly home: string;
  run(...words: readonly string[]): Promise<unknown>;
}

/** The server, an account, and a device with its pair for each of the first `count` folders. */
async function signedIn(place: Place, tools: Tools, count: number): Promise<readonly Device[]> {
  const node = process.execPath;
  const server = tools.stay('server', node, [...command, 'serve', '--data', place.server, '--json'], { env });
  const { url } = JSON.parse(await server.line()) as { url: string };
  const devices = place.folders.slice(0, count).map((_, at): Device => {
    const home = join(place.state, `home-${at}`);
    const run = async (...words: string[]): Promise<unknown> =>
      JSON.parse(await tools.run(node, [...command, ...words, '--home', home, '--json'], { env }));
    return { home, run };
  });
  for (const [at, device] of devices.entries()) {
    const account = ['--server', url, '--email', 'bench@example.org', '--device', `device ${at}`];
    await device.run(at === 0 ? 'signup' : 'login', ...account);
    await device.run('add', place.folders[at] ?? '', '--vault', 'Bench');
  }
  return devices;
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
    const sync = (device: Device | undefined) => async () => {
      await device?.run('sync');
    };
    return { tools, up: sync(a), down: sync(b), across: null, close: tools.close };
  },
  live: async (place, count) => {
    await mkdir(place.state, { recursive: true });
    const tools = createTools();
    const devices = await signedIn(place, tools, count);
    for (const device of devices) {
      // The first sync by a command, so that a folder with much in it is watched from a settled state.
      await device.run('sync');
      const daemon = tools.stay('device', process.execPath, [...command, 'daemon', '--home', device.home, '--json'], {
        env,
      });
      await daemon.line(() => true, 60_000);
    }
    return {
      tools,
      quiet: async () => {
        for (const device of devices) {
          const isQuiet = async (): Promise<boolean> => {
            const status = (await device.run('status')) as { state: string; isRunning: boolean };
            return status.isRunning && status.state === 'up-to-date';
          };
          await eventually(isQuiet, { within: 300_000, what: 'a quiet device' });
        }
      },
      close: tools.close,
    };
  },
};
