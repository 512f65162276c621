import { HoldfastError } from '../common/errors.ts';
import type { Service } from '../rpc/contract.ts';
import { removeDaemonFile } from './door/daemon-file.ts';
import { reachDaemon } from './door/reach-daemon.ts';
import { type Home, openHome } from './home/home.ts';
import { type HomeLock, tryLock } from './home/home-lock.ts';
import { systemClock } from './system-clock.ts';

/** The contract, wherever it is served: by the home's daemon, or in this process while no other has the home. */
export interface Connection {
  readonly service: Service;
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
    if (daemon !== null) return { service: daemon, close: async () => undefined };
    if (systemClock.monotonic() > deadline) throw busy();
    await systemClock.sleep(pause);
  }
}

/** The parts are loaded only here: a command that asks a daemon needs none of them. */
async function serveHere(home: Home, lock: HomeLock, environment: NodeJS.ProcessEnv): Promise<Connection> {
  try {
    removeDaemonFile(home);
    const [{ composeDevice }, { deviceService }, { withCheckedInput }] = await Promise.all([
      import('./compose.ts'),
      import('./service.ts'),
      import('../rpc/checked-input.ts'),
    ]);
    const device = composeDevice(home, environment);
    const close = async (): Promise<void> => {
      try {
        await device.close();
      } finally {
        lock.release();
      }
    };
    return { service: withCheckedInput(deviceService(device, null)), close };
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
