import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BrowserWindow, dialog, shell } from 'electron';
import { z } from 'zod';
import type { HostAnswers } from '../src/app/host-port.ts';
import type { SystemSeal } from '../src/app/system-keychain.ts';
import { HoldfastError, must } from '../src/common/errors.ts';
import { type Child, endChild, startChild } from './child.ts';

export interface HostParts {
  /** In front of which the person is asked. */
  readonly window: () => BrowserWindow | null;
  readonly seal: SystemSeal | null;
  readonly node: string | null;
}

const serverSaid = z.union([
  z.object({ type: z.literal('ready'), url: z.string() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

const patience = 15_000;

/** What the app does for its engine: dialogs, the file manager, the server's process, the system's keychain. */
export function hostAnswers({ window, seal, node }: HostParts): HostAnswers & { stopServer(): Promise<void> } {
  let server: Child | null = null;
  let turn: Promise<unknown> = Promise.resolve();
  /** One after the other: a stop that comes while a former server still ends is meant for the one that follows it, too. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  };
  const endServer = async (): Promise<void> => {
    if (server !== null) await endChild(server, patience);
  };
  const stopServer = (): Promise<void> => inTurn(endServer);
  return {
    stopServer,
    'choose-folder': async () => {
      const properties = ['openDirectory', 'createDirectory'] as const;
      const owner = window();
      const options = { properties: [...properties] };
      const chosen = await (owner === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(owner, options));
      return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
    },
    // Shown in its folder, never opened: what a vault holds was written by other devices.
    'show-file': async ({ path }) => {
      if (!existsSync(path)) throw new HoldfastError('missing', `${path} is not there at the moment.`);
      shell.showItemInFolder(path);
      return null;
    },
    'start-server': async ({ dataFolder, port }) => {
      const started = await inTurn(async () => {
        await endServer();
        const child = startChild({
          file: join(import.meta.dirname, 'server.js'),
          args: [dataFolder, String(port)],
          name: 'Holdfast server',
          node,
        });
        server = child;
        void child.gone.then(() => {
          if (server === child) server = null;
        });
        return child;
      });
      return new Promise<string>((resolve, reject) => {
        started.port.onMessage((message) => {
          const said = serverSaid.safeParse(message);
          if (!said.success) return;
          if (said.data.type === 'ready') resolve(said.data.url);
          else reject(serverFailed(said.data.message));
        });
        void started.gone.then(() => reject(serverFailed('The server on this computer ended before it was ready.')));
      });
    },
    'stop-server': async () => {
      await stopServer();
      return null;
    },
    'server-gone': async () => {
      await server?.gone;
      return null;
    },
    'seal-secret': ({ plain }) => must(seal, 'the engine was told of the keychain').seal(plain),
    'open-secret': ({ sealed }) => must(seal, 'the engine was told of the keychain').open(sealed),
  };
}

const serverFailed = (message: string): HoldfastError => new HoldfastError('io', message, { reason: 'local-server' });
