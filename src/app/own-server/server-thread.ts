import { Worker } from 'node:worker_threads';
import { endInTime } from '../end-in-time.ts';
import type { Running } from './keep-running.ts';
import type { LocalServer } from './local-server.ts';
import { patience, serverFailed, serverProgram, settleReady } from './server-process.ts';

/**
 * Starts the server of this computer in a thread of this process, for the desktop app, where the memory of one more Node counts.
 * What it throws ends the thread alone.
 */
export function threadServer({ dataFolder, port }: LocalServer): Running<string> {
  const thread = new Worker(serverProgram(), { argv: [dataFolder, String(port)] });
  const gone = new Promise<void>((resolve) => thread.once('exit', () => resolve()));
  const ready = new Promise<string>((resolve, reject) => {
    thread.once('message', (message) => settleReady(message, resolve, reject));
    // Without a listener it would be thrown here.
    thread.on('error', () => reject(serverFailed(null)));
    void gone.then(() => reject(serverFailed(null)));
  });
  return {
    ready,
    gone,
    stop: async () => {
      thread.postMessage('stop');
      await endInTime(gone, patience, () => void thread.terminate());
    },
  };
}
