import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from '../helpers/temp.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type RealDevice, type RealDeviceSetup, realDevice } from './real-device.ts';
import { type RealServer, realServer } from './real-server.ts';

/** A server and devices of one account, each a process of its own with a folder of its own, and a bad line between. */
export interface RealWorld {
  readonly server: RealServer;
  readonly proxy: FaultProxy;
  readonly devices: readonly RealDevice[];
  readonly recovery: string;
  /** Sealed bytes that the server holds, with all that is around them. */
  stored(): number;
  close(): Promise<void>;
}

export interface RealWorldSetup {
  /** One for each device; default two plain ones. */
  readonly devices?: readonly RealDeviceSetup[];
  /** The server's data folder. */
  readonly data?: string;
  readonly serverArguments?: readonly string[];
  readonly serverImports?: readonly string[];
  /** Called before the first request. */
  readonly before?: (proxy: FaultProxy) => void;
}

export async function realWorld(setup: RealWorldSetup = {}): Promise<RealWorld> {
  const proxy = await startFaultProxy();
  const data = setup.data ?? join(await tempFolder('server'), 'data');
  const server = realServer({
    data,
    proxy,
    words: setup.serverArguments ?? [],
    imports: setup.serverImports ?? [],
  });
  await server.start();
  setup.before?.(proxy);
  const devices: RealDevice[] = [];
  let recovery = '';
  for (const [at, plain] of (setup.devices ?? [{}, {}]).entries()) {
    const device = await realDevice(`device-${at + 1}`, plain);
    const account = ['--server', proxy.url, '--email', 'person@example.org', '--device', device.name];
    const done = await device.run([at === 0 ? 'signup' : 'login', ...account]);
    if (at === 0) recovery = (done.json as { recovery: string }).recovery;
    mkdirSync(device.files.root, { recursive: true });
    await device.run(['add', device.files.root, '--vault', 'Folder']);
    devices.push(device);
  }
  return {
    server,
    proxy,
    devices,
    recovery,
    stored: () =>
      readdirSync(data, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .reduce(
          (sum, entry) => sum + (statSync(join(entry.parentPath, entry.name), { throwIfNoEntry: false })?.size ?? 0),
          0,
        ),
    close: async () => {
      for (const device of devices) await device.kill();
      await server.kill();
      await proxy.close();
    },
  };
}
