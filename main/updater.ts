import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '../src/common/logger.ts';

const every = 6 * 3_600_000;

/** Whether the package names a feed: without `app-update.yml` beside the app there is none, and nothing is asked of anyone. */
export function hasFeed(resourcesFolder: string): boolean {
  try {
    return /^\s*(?:url|owner):/m.test(readFileSync(join(resourcesFolder, 'app-update.yml'), 'utf8'));
  } catch {
    return false;
  }
}

/**
 * Looks for updates now and then, fetches them and installs them when the app quits. Never to an older version, and only what
 * the system's code signing accepts. Returns the way to stop it.
 */
export async function startUpdater(resourcesFolder: string, isPackaged: boolean, logger: Logger): Promise<() => void> {
  if (!isPackaged || !hasFeed(resourcesFolder)) return () => undefined;
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
