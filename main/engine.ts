import { takeSecrets } from '../src/app/account/take-secrets.ts';
import { collectWhenIdle } from '../src/app/collect-when-idle.ts';
import { startDaemon } from '../src/app/daemon.ts';
import { askHostOver, desktopHost } from '../src/app/host/host-port.ts';
import { processPort } from '../src/app/host/process-port.ts';
import { systemProxy } from '../src/app/host/system-proxy.ts';
import { desktopKeychain } from '../src/app/keychain/desktop-keychain.ts';
import { threadServer } from '../src/app/own-server/server-thread.ts';
import { failureFrom } from '../src/rpc/failure.ts';
import { portTransport, servePort } from '../src/rpc/port.ts';

/** The program of the engine's process: `HOME-FOLDER [system-keychain]`. It holds the keys; the window never does. */
const [homeFolder = '', keychain = ''] = process.argv.slice(2);
const parent = processPort();
const transport = portTransport(parent);
const ask = askHostOver((name, input) => transport.ask(name as never, input));

/** Asked to end before it has begun: it ends as soon as it can. */
let isUnwanted = false;
let end = (): void => {
  isUnwanted = true;
};
parent.onClose(() => end());
parent.onMessage((message) => {
  if (message === 'stop') end();
});
process.once('SIGTERM', () => end());

try {
  const daemon = await startDaemon(homeFolder, takeSecrets(process.env), {
    ...(keychain === 'system-keychain' ? { keychain: desktopKeychain(ask) } : {}),
    findProxy: systemProxy((url) => ask('find-proxy', { url })),
    host: (startServer) => desktopHost(ask, startServer),
    startServer: threadServer,
  });
  servePort(parent, daemon.service, (error) => daemon.logger.log('error', 'a command failed unexpectedly', { error }));
  end = () => void daemon.close().finally(() => process.exit(0));
  void daemon.asked.then(end);
  collectWhenIdle();
  if (isUnwanted) end();
  else parent.post('ready');
} catch (error) {
  parent.post({ type: 'failed', failure: failureFrom(error) });
  process.exitCode = 1;
  parent.close();
}
