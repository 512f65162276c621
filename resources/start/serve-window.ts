import { takeSecrets } from '../../src/app/account/take-secrets.ts';
import { startDaemon } from '../../src/app/daemon.ts';
import { askDaemonAddress } from '../../src/app/door/reach-daemon.ts';
import { openHome } from '../../src/app/home/home.ts';

/** Closing may take this long, in milliseconds; what is cut off is done again at the next start. */
const deadline = 20_000;

/** Serves the window to a browser until a signal, or names that of the daemon which runs already. */
export async function serveWindow(homeFolder: string, say: (text: string) => void): Promise<void> {
  const running = await askDaemonAddress(openHome(homeFolder));
  if (running !== null) {
    say(`Holdfast runs already. Open its window in a browser here (the address works once): ${running}`);
    return;
  }
  const daemon = await startDaemon(homeFolder, takeSecrets(process.env));
  const signalled = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  say(`Open the same window in a browser here (the address works once): ${daemon.newAddress()}`);
  say('It syncs until you end it with Ctrl+C. For another address: npm run -s cli -- open');
  await Promise.race([signalled, daemon.asked]);
  const cut = setTimeout(() => process.exit(0), deadline);
  cut.unref();
  await daemon.close();
}
