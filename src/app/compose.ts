import type { LogLevel } from '../common/logger.ts';
import { ifSealedFrom, openChunk, sealChunk } from '../crypto/chunk.ts';
import { systemRandom } from '../crypto/random.ts';
import { runSelfTest } from '../crypto/self-test.ts';
import { transferBudget } from '../engine/transfer/transfer-budget.ts';
import { createBandwidth } from '../remote/bandwidth.ts';
import { environmentProxy } from '../remote/environment-proxy.ts';
import type { FindProxy } from '../remote/find-proxy.ts';
import { type Device, openDevice } from './device.ts';
import { fileLogger } from './home/file-logger.ts';
import type { Home } from './home/home.ts';
import { fileKeychain } from './keychain/file-keychain.ts';
import type { Keychain } from './keychain/keychain.ts';
import { chunkThreads } from './seal/chunk-threads.ts';
import { systemClock } from './system-clock.ts';

/** What the program around a device can bring along; without it, plain Node. */
export interface DeviceSurroundings {
  readonly keychain?: (home: Home) => Keychain;
  /** The system's proxy; what the environment says goes before. */
  readonly findProxy?: FindProxy;
  readonly ownServerProblem?: () => string | null;
}

/** The device of this home, over the real parts of this computer. The caller holds the home's lock. */
export function composeDevice(
  home: Home,
  environment: NodeJS.ProcessEnv,
  { keychain, findProxy: systemProxy, ownServerProblem = () => null }: DeviceSurroundings = {},
): Device {
  // Fails closed: no key is opened by a primitive that does not give the known answers.
  runSelfTest();
  const clock = systemClock;
  const random = systemRandom;
  const bandwidth = createBandwidth(clock);
  const level: LogLevel = environment['HOLDFAST_LOG'] === 'debug' ? 'debug' : 'info';
  const findProxy = environmentProxy(environment) ?? systemProxy ?? null;
  const passphrase = environment['HOLDFAST_KEY_PASSPHRASE'] ?? '';
  return openDevice(
    {
      home,
      clock,
      random,
      threads: chunkThreads({ seal: (plain) => sealChunk(plain, random), open: openChunk, ifSealedFrom }),
      budget: transferBudget(),
      logger: fileLogger(home.logFile, level, clock.now),
      keychain: keychain?.(home) ?? fileKeychain(home.keysFolder, passphrase === '' ? null : passphrase, random),
      findProxy,
      ownServerProblem,
      connect: async (url, session) => {
        const { createHttpStorageApi } = await import('../remote/http-storage-api.ts');
        return createHttpStorageApi({ url, clock, random, bandwidth, findProxy, ...session });
      },
    },
    bandwidth,
  );
}
