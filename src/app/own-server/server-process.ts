import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { HoldfastError, must } from '../../common/errors.ts';
import { endInTime } from '../end-in-time.ts';
import type { Running } from './keep-running.ts';
import type { LocalServer } from './local-server.ts';

/** What the server says first. */
const serverSaid = z.union([
  z.object({ type: z.literal('ready'), url: z.string() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
]);

/** How long the server may take to answer what is under way, in milliseconds. */
export const patience = 15_000;

/** As a source file, and in a bundle, where the parts may lie one folder below the programs. */
const places = ['run-server.ts', 'server.js', join('..', 'server.js')];

/** The program of the server's process or thread. */
export const serverProgram = (): string =>
  must(
    places.map((place) => join(import.meta.dirname, place)).find((path) => existsSync(path)),
    'the program of the server',
  );

/** Starts the server of this computer by Node, as a child that ends with its parent. */
export function forkServer({ dataFolder, port }: LocalServer): Running<string> {
  const child = fork(serverProgram(), [dataFolder, String(port)], { stdio: 'ignore', serialization: 'advanced' });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    // What was never started has no end.
    if (child.pid === undefined) child.once('error', () => resolve());
  });
  const ready = new Promise<string>((resolve, reject) => {
    child.once('message', (message) => settleReady(message, resolve, reject));
    child.once('error', reject);
    void gone.then(() => reject(serverFailed(null)));
  });
  return {
    ready,
    gone,
    stop: async () => {
      if (child.connected) child.disconnect();
      await endInTime(gone, patience, () => child.kill('SIGKILL'));
    },
  };
}

/** What the first message of the server comes to. */
export function settleReady(message: unknown, resolve: (url: string) => void, reject: (error: Error) => void): void {
  const said = serverSaid.safeParse(message);
  if (said.success && said.data.type === 'ready') resolve(said.data.url);
  else reject(serverFailed(said.success && said.data.type === 'failed' ? said.data.message : null));
}

export const serverFailed = (message: string | null): HoldfastError =>
  new HoldfastError('io', message ?? 'The server on this computer ended before it was ready.', {
    reason: 'local-server',
  });
