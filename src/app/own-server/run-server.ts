import { collectWhenIdle } from '../collect-when-idle.ts';
import { processPort } from '../host/process-port.ts';
import { signupPolicy } from './local-server.ts';
import { serve } from './serve.ts';

/** The program of the local server's process or thread: `DATA-FOLDER PORT`. Ends when its parent lets go of it. */
const [dataFolder = '', port = ''] = process.argv.slice(2);
const parent = processPort();

try {
  const server = await serve({
    dataFolder,
    listen: `127.0.0.1:${port}`,
    origins: [],
    tls: null,
    isBehindProxy: false,
    metricsToken: null,
    signup: signupPolicy(dataFolder),
    quota: null,
    level: 'warn',
    writeLog: () => undefined,
    // Whoever started it does so again.
    onFailed: () => process.exit(1),
  });
  const end = (): void => {
    void server.close().finally(() => process.exit(0));
  };
  parent.onClose(end);
  parent.onMessage((message) => {
    if (message === 'stop') end();
  });
  process.once('SIGTERM', end);
  collectWhenIdle();
  parent.post({ type: 'ready', url: server.url });
} catch (error) {
  parent.post({ type: 'failed', message: error instanceof Error ? error.message : 'The server did not start.' });
  // The message is on its way; nothing else keeps this program.
  process.exitCode = 1;
  parent.close();
}
