import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../src/common/logger.ts';

const every = 6 * 3_600_000;

/**
 * Whether the package names a feed whose updates are verified by more than what the feed itself says: on macOS the system
 * takes what the same developer signed; on Windows so does the updater, once it is told who that is; on Linux nothing is
 * signed, and updates are the package manager's affair. Without `app-update.yml` beside the app nothing is asked of anyone.
 */
export function hasVerifiedFeed(resourcesFolder: string, platform: NodeJS.Platform): boolean {
  try {
    const feed = readFileSync(join(resourcesFolder, 'app-update.yml'), 'utf8');
    const isFeed = /^\s*(?:url|owner):\s*\S/m.test(feed);
    return isFeed && (platform === 'darwin' || (platform === 'win32' && /^publisherName:\s*\S/m.test(feed)));
  } catch {
    return false;
  }
}

/**
 * Looks for updates now and then, fetches them and installs them when the app quits. Never to an older version, and only what
 * the system's code signing accepts. Returns the way to stop it.
 */
export async function startUpdater(
  resourcesFolder: string,
  isPackaged: boolean,
  logger: Logger,
  platform = process.platform,
): Promise<() => void> {
  if (!isPackaged || !hasVerifiedFeed(resourcesFolder, platform)) return () => undefined;
  const { default: updater } = await import('electron-updater');
  const { autoUpdater } = updater;
  autoUpdater.allowDowngrade = false;
  autoUpdater.allowPrerelease = false;
  autoUpdater.autoDownload = true;
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.logger = null;
  autoUpdater.on('error', (error) => logger.log('warn', 'an update failed', { error }));
  const look = (): void => {
    autoUpdater
      .checkForUpdates()
      .catch((error: unknown) => logger.log('warn', 'no update can be looked for', { error }));
  };
  look();
  const timer = setInterval(look, every);
  return () => clearInterval(timer);
}
