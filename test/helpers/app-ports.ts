import { join } from 'node:path';
import { openHome } from '../../src/app/home/home.ts';
import { fileKeychain } from '../../src/app/keychain/file-keychain.ts';
import type { Connect, Ports } from '../../src/app/ports.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import { tempFolder } from './temp.ts';

/** What a device of its own works with: a new home, and passwords that are stretched as little as is allowed. */
export async function appPorts(connect: Connect, change: Partial<Ports> = {}): Promise<Ports> {
  const home = change.home ?? openHome(join(await tempFolder('home'), 'home'));
  return {
    home,
    keychain: fileKeychain(home.keysFolder, null, systemRandom),
    connect,
    clock: systemClock,
    random: systemRandom,
    logger: silentLogger,
    kdfCost: { memoryKiB: 64 * 1024, passes: 3, lanes: 1 },
    ...change,
  };
}
