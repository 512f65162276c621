import { HoldfastError, isKind } from '../common/errors.ts';
import type { Logger } from '../common/logger.ts';
import { systemRandom } from '../crypto/random.ts';
import type { Service } from '../rpc/contract.ts';
import { rpcVersion } from '../rpc/version.ts';
import { toBase64url } from '../wire/base64url.ts';
import { composeDevice, type DeviceSurroundings } from './compose.ts';
import { daemonFile, removeDaemonFile } from './door/daemon-file.ts';
import { type LoopbackDoor, openLoopbackDoor } from './door/loopback-door.ts';
import { uiFiles, uiFolder } from './door/ui-files.ts';
import { type Home, openHome } from './home/home.ts';
import { type HomeLock, tryLock } from './home/home-lock.ts';
import { bareHost, type Host } from './host/host.ts';
import type { Running } from './own-server/keep-running.ts';
import { type KeptServer, keepServer } from './own-server/kept-server.ts';
import type { LocalServer } from './own-server/local-server.ts';
import { forkServer } from './own-server/server-process.ts';
import { watchPauses } from './pairs/pause-timer.ts';
import { deviceService } from './service.ts';
import { systemClock } from './system-clock.ts';

export interface RunningDaemon {
  /** The contract, for whoever started this. */
  readonly service: Service;
  readonly logger: Logger;
  /**
   * An address for one browser page. Its fragment, which browsers keep to themselves, is a ticket that works once: whoever
   * uses it first may do everything.
   */
  newAddress(): string;
  readonly pid: number;
  /** Someone asked for the end, through the door. */
  readonly asked: Promise<void>;
  /** Ends syncing after the running operations, closes everything in order. Safe to repeat. */
  close(): Promise<void>;
}

/** What the program around it brings along; without it, plain Node. */
export interface Surroundings extends DeviceSurroundings {
  readonly host?: (serverOrigin: Host['startServer']) => Host;
  readonly startServer?: (server: LocalServer) => Running<string>;
}

/** A home may be held for a moment by a command that is just ending. */
const patience = 5000;
const pause = 50;

/** Stays, watches, syncs, and serves the contract on loopback. Throws `refused` if the home is in use. */
export async function startDaemon(
  folder: string,
  environment: NodeJS.ProcessEnv,
  surroundings: Surroundings = {},
): Promise<RunningDaemon> {
  const home = openHome(folder);
  const lock = await takeLock(home);
  let door: LoopbackDoor | null = null;
  let servers: KeptServer | null = null;
  try {
    removeDaemonFile(home);
    const device = composeDevice(home, environment, {
      ...surroundings,
      ownServerProblem: () => servers?.problem() ?? null,
    });
    const { logger } = device.ports;
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const token = toBase64url(systemRandom.bytes(32));
    const keptServer = keepServer(device.ports, surroundings.startServer ?? forkServer);
    servers = keptServer;
    await keptServer.begin();
    const host = surroundings.host?.(keptServer.origin) ?? bareHost(keptServer.origin);
    const service = deviceService(device, ask, host);
    door = await openLoopbackDoor({
      service,
      token,
      files: uiFiles(uiFolder()),
      logger,
      random: systemRandom,
      monotonic: systemClock.monotonic,
    });
    const { port } = door;
    daemonFile(home).write({ pid: process.pid, port, token, rpcVersion, startedAt: systemClock.now() });
    await device.watch();
    const unwatchPauses = watchPauses(device, (pair) => service.resume({ pair }));
    logger.log('info', 'daemon started', { port });

    const openDoor = door;
    /** On a disk that became read-only or died it stays: who comes next sees that nobody holds the home. */
    const forgetDoor = (): void => {
      try {
        removeDaemonFile(home);
      } catch (error) {
        logger.log('warn', 'the address of the door stays behind', { error });
      }
    };
    const end = async (): Promise<void> => {
      try {
        forgetDoor();
        unwatchPauses();
        await Promise.all([openDoor.close(), device.close()]);
        logger.log('info', 'daemon stopped');
      } finally {
        await keptServer.stop().finally(lock.release);
      }
    };
    let ending: Promise<void> | null = null;
    return {
      service,
      logger,
      newAddress: openDoor.newAddress,
      pid: process.pid,
      asked,
      close: () => {
        ending ??= end();
        return ending;
      },
    };
  } catch (error) {
    await door?.close();
    await servers?.stop();
    lock.release();
    throw error;
  }
}

async function takeLock(home: Home): Promise<HomeLock> {
  const lock = await lockWithin(home, patience);
  if (lock !== null) return lock;
  throw new HoldfastError('refused', 'A Holdfast daemon or another command is using this home already.', {
    reason: 'home-busy',
    hint: '`status` shows it; `stop` ends a daemon.',
  });
}

/** Whether the home is free, that is, the daemon that was asked to stop is gone. */
export async function untilFree(folder: string, within: number): Promise<boolean> {
  try {
    const lock = await lockWithin(openHome(folder), within);
    lock?.release();
    return lock !== null;
  } catch (error) {
    // It is free, though not for root, who may end anybody's daemon.
    if (isKind(error, 'refused') && error.reason === 'other-user') return true;
    throw error;
  }
}

async function lockWithin({ lockFile }: Home, within: number): Promise<HomeLock | null> {
  const deadline = systemClock.monotonic() + within;
  for (;;) {
    const lock = tryLock(lockFile);
    if (lock !== null || systemClock.monotonic() > deadline) return lock;
    await systemClock.sleep(pause);
  }
}
