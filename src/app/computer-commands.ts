import { readdirSync } from 'node:fs';
import { homedir, platform } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { HoldfastError } from '../common/errors.ts';
import type { AppInfo } from '../rpc/app-report.ts';
import type { Calls } from '../rpc/contract.ts';
import { readAppVersion } from './app-version.ts';
import { type Device, defaultDeviceName } from './device.ts';
import { explaining } from './home/errno.ts';
import { saveText } from './home/save-text.ts';
import type { Host } from './host/host.ts';
import { localServerOrigin } from './own-server/local-server.ts';
import { parseServerUrl } from './own-server/server-url.ts';
import type { OpenPairs } from './pairs/open-pairs.ts';
import { choosePlace, type PlaceInPair } from './pairs/pair-choice.ts';

type ComputerCommands = Pick<
  Calls,
  'app-info' | 'check-server' | 'this-computer' | 'folders' | 'choose-folder' | 'show-file' | 'save-text'
>;

/** This computer, as a window needs to know it. */
export function computerCommands(device: Device, host: Host, pairs: Pick<OpenPairs, 'open'>): ComputerCommands {
  /** Names of the vault that this disk cannot hold, or has already, are others here. What the vault has not is named as it is here. */
  const pathHere = async ({ record, path }: PlaceInPair): Promise<string> => {
    if (path === '') return path;
    const opened = await pairs.open(record).catch(() => null);
    return opened?.pair.placeOnDisk(path) ?? path;
  };

  return {
    'app-info': async () => ({
      version: readAppVersion(),
      platform: platformName(),
      keychain: keychainName(device.ports.keychain.kind),
      canChooseFolder: host.canChooseFolder,
      canOpenFiles: host.canOpenFiles,
      canStartAtLogin: host.canStartAtLogin,
      proposedFolder: join(homedir(), 'Holdfast'),
      deviceName: defaultDeviceName(),
    }),
    'check-server': async ({ server }) => {
      const origin = parseServerUrl(server);
      const storage = await device.ports.connect(origin, { token: () => null, renew: async () => undefined });
      try {
        // The cheapest question that only a storage server of this protocol answers.
        await storage.challenge();
      } finally {
        await storage.close();
      }
      return { server: origin, isThisComputer: origin === localServerOrigin(device.ports.home) };
    },
    'this-computer': async () => ({ server: await host.startServer(), isThisComputer: true }),
    folders: async ({ folder }) => listFolders(folder ?? homedir()),
    'choose-folder': async () => ({ folder: await host.chooseFolder() }),
    'save-text': async ({ fileName, text }) => ({ file: await saveText(fileName, text) }),
    'show-file': async ({ pair, path }) => {
      const place = choosePlace(device.config().pairs, pair, path);
      const names = (await pathHere(place)).split('/').filter((name) => name !== '');
      await host.showFile(join(place.record.folder, ...names));
      return {};
    },
  };
}

function listFolders(folder: string) {
  if (!isAbsolute(folder)) throw new HoldfastError('usage', 'The folder must be an absolute path.');
  const at = resolve(folder);
  const parent = dirname(at);
  const folders = explaining(`The folder ${at} cannot be listed`, () => readdirSync(at, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ name, path: join(at, name) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { folder: at, parent: parent === at ? null : parent, folders };
}

function platformName(): AppInfo['platform'] {
  const name = platform();
  return name === 'linux' || name === 'darwin' || name === 'win32' ? name : 'other';
}

const keychainName = (kind: string): AppInfo['keychain'] =>
  kind === 'file' ? 'file' : kind === 'file with passphrase' ? 'passphrase' : 'system';
