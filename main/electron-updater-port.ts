import type { Logger } from '../src/common/logger.ts';
import { boundFeed } from './bound-feed.ts';
import type { UpdatePort } from './update-port.ts';

/** How long an installer may take to end the app, in milliseconds: macOS unpacks and checks the whole app before. */
const patience = 120_000;

/** The updater of the system that runs (MacUpdater, NsisUpdater), told to do nothing by itself. */
export async function electronUpdaterPort(feed: URL, logger: Logger): Promise<UpdatePort> {
  const { default: updater } = await import('electron-updater');
  const { autoUpdater } = updater;
  autoUpdater.autoDownload = false;
  autoUpdater.autoInstallOnAppQuit = false;
  // Whoever quits the app does not want it back.
  autoUpdater.autoRunAppAfterInstall = false;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  // A file is fetched whole, as it was signed: nothing unsigned tells how to put it together.
  autoUpdater.disableDifferentialDownload = true;
  autoUpdater.disableWebInstaller = true;
  // No lasting number of this installation is sent. And a compressed answer would not say how large it gets.
  autoUpdater.requestHeaders = { 'x-user-staging-id': '', 'accept-encoding': 'identity' };
  autoUpdater.logger = null;
  autoUpdater.on('error', (error) => logger.log('warn', 'an update failed', { error }));
  autoUpdater.setFeedURL({ provider: 'generic', url: feed.href });
  const bound = boundFeed(autoUpdater.netSession, feed);

  return {
    look: async () => {
      const found = await autoUpdater.checkForUpdates();
      if (found === null || !found.isUpdateAvailable) return null;
      const { version, files } = found.updateInfo;
      return { version, addresses: files.map(({ url }) => url) };
    },
    fetch: (address, init) => autoUpdater.netSession.fetch(address as string, init as RequestInit),
    download: async (limit) => {
      const [file, ...others] = await bound.allowing(limit, () => autoUpdater.downloadUpdate());
      if (file === undefined || others.length > 0) throw new Error('an update is one file');
      return file;
    },
    install: () =>
      new Promise((resolve) => {
        setTimeout(resolve, patience);
        autoUpdater.once('error', () => resolve());
        // Silent, and the app is not started again. On macOS it is now that the system gets the file.
        autoUpdater.quitAndInstall(true, false);
      }),
  };
}
