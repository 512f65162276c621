import { HoldfastError, isKind } from '../common/errors.ts';
import type { Service } from '../rpc/contract.ts';
import type { HomeStatus } from '../rpc/home-report.ts';
import { accountFile } from './account-file.ts';
import { composeDevice } from './compose.ts';
import { configFile, emptyConfig } from './config.ts';
import { daemonFile } from './daemon-file.ts';
import { signedInOf } from './device.ts';
import { remoteService } from './door-client.ts';
import { type Home, openHome } from './home.ts';
import { type HomeLock, tryLock } from './home-lock.ts';
import { homeStatusOf } from './home-state.ts';
import { lastStatus } from './last-status.ts';
import { deviceService } from './service.ts';
import { systemClock } from './system-clock.ts';

/** The contract, wherever it is served: by the home's daemon, or in this process while no other has the home. */
export interface Connection {
  readonly service: Service;
  readonly isDaemon: boolean;
  close(): Promise<void>;
}

/** How long another command may take before this one gives up waiting for the home. */
const patience = 10_000;
const pause = 50;

/** Throws `refused` (reason `home-busy`) if another command keeps the home. */
export async function connectToHome(folder: string, environment: NodeJS.ProcessEnv): Promise<Connection> {
  const home = openHome(folder);
  const deadline = systemClock.monotonic() + patience;
  for (;;) {
    const lock = tryLock(home.lockFile);
    if (lock !== null) return serveHere(home, lock, environment);
    const daemon = await reachDaemon(home);
    if (daemon !== null) return { service: daemon, isDaemon: true, close: async () => undefined };
    if (systemClock.monotonic() > deadline) throw busy();
    await systemClock.sleep(pause);
  }
}

/** Reads without the lock: what runs says it itself, else the last known state. Never waits. */
export async function readStatus(folder: string): Promise<HomeStatus> {
  const home = openHome(folder);
  const daemon = await reachDaemon(home);
  if (daemon !== null) return daemon.status({});
  const config = configFile(home).read() ?? emptyConfig;
  const account = signedInOf(accountFile(home).read());
  const pairs = config.pairs.map((record) => lastStatus(home, record).read());
  return homeStatusOf(account, pairs, false);
}

/** The home's daemon, if one answers. */
export async function reachDaemon(home: Home): Promise<Service | null> {
  const found = daemonFile(home).read();
  if (found === null) return null;
  const service = remoteService(found);
  try {
    await service['settings-get']({});
    return service;
  } catch (error) {
    // The file of a daemon that was killed; or a foreign program that got its port since.
    if (isKind(error, 'conflict') || isKind(error, 'bug') || isKind(error, 'refused')) return null;
    throw error;
  }
}

function serveHere(home: Home, lock: HomeLock, environment: NodeJS.ProcessEnv): Connection {
  try {
    const device = composeDevice(home, environment);
    const close = async (): Promise<void> => {
      try {
        await device.close();
      } finally {
        lock.release();
      }
    };
    return { service: deviceService(device, null), isDaemon: false, close };
  } catch (error) {
    lock.release();
    throw error;
  }
}

const busy = (): HoldfastError =>
  new HoldfastError('refused', 'Another Holdfast command is working with this home.', {
    reason: 'home-busy',
    hint: 'Try again when it is done.',
  });
