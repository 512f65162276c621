import { existsSync } from 'node:fs';
import { type BrowserWindow, dialog, session, shell } from 'electron';
import type { HostAnswers } from '../src/app/host/host-port.ts';
import type { SystemSeal } from '../src/app/keychain/system-keychain.ts';
import { HoldfastError, must } from '../src/common/errors.ts';
import { placeToShow } from './place-to-show.ts';

interface HostParts {
  /** In front of which the person is asked. */
  readonly window: () => BrowserWindow | null;
  readonly seal: SystemSeal | null;
}

/** What the app does for its engine: dialogs, the file manager, the system's proxy and keychain. */
export function hostAnswers({ window, seal }: HostParts): HostAnswers {
  return {
    'choose-folder': async () => {
      const properties = ['openDirectory', 'createDirectory'] as const;
      const owner = window();
      const options = { properties: [...properties] };
      const chosen = await (owner === null ? dialog.showOpenDialog(options) : dialog.showOpenDialog(owner, options));
      return chosen.canceled ? null : (chosen.filePaths[0] ?? null);
    },
    // Shown in its folder, never opened: what a vault holds was written by other devices.
    'show-file': async ({ path }) => {
      if (!existsSync(path)) throw new HoldfastError('missing', `${path} is not there at the moment.`);
      shell.showItemInFolder(placeToShow(path));
      return null;
    },
    'find-proxy': ({ url }) => session.defaultSession.resolveProxy(url),
    'seal-secret': ({ plain }) => must(seal, 'the engine was told of the keychain').seal(plain),
    'open-secret': ({ sealed }) => must(seal, 'the engine was told of the keychain').open(sealed),
  };
}
