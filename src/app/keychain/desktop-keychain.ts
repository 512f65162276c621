import { systemRandom } from '../../crypto/random.ts';
import type { Home } from '../home/home.ts';
import type { AskHost } from '../host/host-port.ts';
import { fileKeychain } from './file-keychain.ts';
import type { Keychain } from './keychain.ts';
import { systemKeychain } from './system-keychain.ts';

/** The keychain of an engine whose host seals for it; what commands stored in files before is still read. */
export const desktopKeychain =
  (ask: AskHost) =>
  ({ keysFolder }: Home): Keychain => {
    const system = {
      seal: (plain: string) => ask('seal-secret', { plain }),
      open: (sealed: string) => ask('open-secret', { sealed }),
    };
    return systemKeychain(keysFolder, system, fileKeychain(keysFolder, null, systemRandom));
  };
