import { HoldfastError } from '../common/errors.ts';
import { systemRandom } from '../crypto/random.ts';
import { rpcVersion } from '../rpc/version.ts';
import { toBase64url } from '../wire/base64url.ts';
import { composeDevice } from './compose.ts';
import { daemonFile, removeDaemonFile } from './daemon-file.ts';
import { type Home, openHome } from './home.ts';
import { type HomeLock, tryLock } from './home-lock.ts';
import { type LoopbackDoor, openLoopbackDoor } from './loopback-door.ts';
import { deviceService } from './service.ts';
import { systemClock } from './system-clock.ts';

export interface RunningDaemon {
  /** With the token in its fragment, which browsers keep to themselves: whoever has it may do everything. */
  readonly url: string;
  readonly pid: number;
  /** Someone asked for the end, through the door. */
  readonly asked: Promise<void>;
  /** Ends syncing after the running operations, closes everything in order. Safe to repeat. */
  close(): Promise<void>;
}

/** A home may be held for a moment by a command that is just ending. */
const patience = 5000;
const pause = 50;

/** Stays, watches, syncs, and serves the contract on loopback. Throws `refused` if the home is in use. */
export async function startDaemon(folder: string, environment: NodeJS.ProcessEnv): Promise<RunningDaemon> {
  const home = openHome(folder);
  const lock = await takeLock(home);
  let door: LoopbackDoor | null = null;
  try {
    const device = composeDevice(home, environment);
    const { logger } = device.ports;
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const token = toBase64url(systemRandom.bytes(32));
    door = await openLoopbackDoor({
      service: deviceService(device, ask),
      token,
      logger,
      monotonic: systemClock.monotonic,
    });
    const { port } = door;
    daemonFile(home).write({ pid: process.pid, port, token, rpcVersion, startedAt: systemClock.now() });
    await device.watch();
    logger.log('info', 'daemon started', { port });

    const openDoor = door;
    const end = async (): Promise<void> => {
      try {
        removeDaemonFile(home);
        await Promise.all([openDoor.close(), device.close()]);
        logger.log('info', 'daemon stopped');
      } finally {
        lock.release();
      }
    };
    let ending: Promise<void> | null = null;
    return {
      url: `http://127.0.0.1:${port}/#${token}`,
      pid: process.pid,
      asked,
      close: () => {
        ending ??= end();
        return ending;
      },
    };
  } catch (error) {
    await door?.close();
    lock.release();
    throw error;
  }
}

async function takeLock(home: Home): Promise<HomeLock> {
  const deadline = systemClock.monotonic() + patience;
  for (;;) {
    const lock = tryLock(home.lockFile);
    if (lock !== null) return lock;
    if (systemClock.monotonic() > deadline) {
      throw new HoldfastError('refused', 'A Holdfast daemon or another command is using this home already.', {
        reason: 'home-busy',
        hint: '`status` shows it; `stop` ends a daemon.',
      });
    }
    await systemClock.sleep(pause);
  }
}

/** Whether the home is free, that is, the daemon that was asked to stop is gone. */
export async function untilFree(folder: string, within: number): Promise<boolean> {
  const home = openHome(folder);
  const deadline = systemClock.monotonic() + within;
  for (;;) {
    const lock = tryLock(home.lockFile);
    if (lock !== null) {
      lock.release();
      return true;
    }
    if (systemClock.monotonic() > deadline) return false;
    await systemClock.sleep(pause);
  }
}
