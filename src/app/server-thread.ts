import { Worker } from 'node:worker_threads';
import type { Running } from './keep-running.ts';
import type { LocalServer } from './local-server.ts';
import { serverFailed, serverProgram, serverSaid } from './server-process.ts';

/** How long the server may take to answer what is under way, in milliseconds. */
const patience = 15_000;

/**
 * Starts the server of this computer in a thread of this process, for the desktop app, where the memory of one more Node counts.
 * What it throws ends the thread alone.
 */
export function threadServer({ dataFolder, port }: LocalServer): Running<string> {
  const thread = new Worker(serverProgram(), { argv: [dataFolder, String(port)] });
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const ready = new Promise<string>((resolve, reject) => {
    thread.once('message', (message) => {
      const said = serverSaid.safeParse(message);
      if (said.success && said.data.type === 'ready') resolve(said.data.url);
      else reject(serverFailed(said.success && said.data.type === 'failed' ? said.data.message : null));
    });
    // Without a listener it would be thrown here.
    thread.on('error', () => reject(serverFailed(null)));
    void gone.then(() => reject(serverFailed(null)));
  });
  return {
    ready,
    gone,
    stop: async () => {
      thread.postMessage('stop');
      const cut = setTimeout(() => void thread.terminate(), patience);
      await gone;
      clearTimeout(cut);
    },
  };
}
