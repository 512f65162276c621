import { chmodSync, writeFileSync } from 'node:fs';
import { app } from 'electron';
import type { Logger } from '../../../../src/common/logger.ts';

/** An app that does nothing but update itself, with the updater of Windows, whose installer here is a script. */
Object.defineProperty(process, 'platform', { value: 'win32' });

const seen: unknown[] = [];
const logger: Logger = {
  log: (_level, message, fields) => void seen.push(`${message}: ${String(fields?.['error'] ?? fields?.['version'])}`),
};

app.on('window-all-closed', () => undefined);
app.on('quit', () => writeFileSync(process.env['HOLDFAST_SEEN'] ?? '', JSON.stringify(seen)));
void app.whenReady().then(async () => {
  // Once the system is another one: what loads asks.
  const { default: library } = await import('electron-updater');
  const { electronUpdaterPort } = await import('../../../../main/electron-updater-port.ts');
  const { startUpdater } = await import('../../../../main/updater.ts');
  library.autoUpdater.forceDevUpdateConfig = true;
  library.autoUpdater.on('update-downloaded', ({ downloadedFile }) => chmodSync(downloadedFile, 0o700));
  const updater = await startUpdater({
    resourcesFolder: app.getAppPath(),
    isPackaged: true,
    version: app.getVersion(),
    system: 'win32',
    arch: 'x64',
    storageServer: async () => 'https://storage.example.org',
    open: (feed) => electronUpdaterPort(feed, logger),
    logger,
    release: JSON.parse(process.env['HOLDFAST_RELEASE'] ?? ''),
  });
  await updater.look();
  updater.stop();
  await updater.install();
  seen.push('the app ends by itself');
  app.exit(0);
});
