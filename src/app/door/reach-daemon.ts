import { HoldfastError, isKind } from '../../common/errors.ts';
import type { Service } from '../../rpc/contract.ts';
import type { Home } from '../home/home.ts';
import { type DaemonFile, daemonFile, removeDaemonFile } from './daemon-file.ts';

/** A daemon that works is busy for a second at most. */
const patienceMs = 20_000;

/** The home's daemon, if one answers. One that is there and does not, after `patience` milliseconds, is an `io` error that names it. */
export const reachDaemon = (home: Home, patience = patienceMs): Promise<Service | null> =>
  askDaemon(home, patience, async (daemon, { remoteService }) => {
    const service = remoteService(daemon);
    await service['settings-get']({});
    return service;
  });

/** Asks the home's daemon to end, of whatever version it is; false if none answers. Throws `io` as `reachDaemon` does. */
export async function endDaemon(home: Home): Promise<boolean> {
  const asked = await askDaemon(home, patienceMs, async (daemon, { askToEnd }) => {
    await askToEnd(daemon);
    return true;
  });
  return asked ?? false;
}

/** What the home's daemon answers; null if there is none. */
async function askDaemon<T>(
  home: Home,
  patience: number,
  ask: (daemon: DaemonFile, client: typeof import('./door-client.ts')) => Promise<T>,
): Promise<T | null> {
  const found = daemonFile(home).read();
  if (found === null || (await isLeft(home))) return null;
  const client = await import('./door-client.ts');
  try {
    return await answered(ask(found, client), patience, found.pid);
  } catch (error) {
    if (isNobody(error)) return null;
    throw error;
  }
}

/** It ended meanwhile; or a foreign program has got its port since. */
const isNobody = (error: unknown): boolean =>
  isKind(error, 'conflict') || isKind(error, 'bug') || isKind(error, 'refused');

/** A daemon holds its home: if nobody does, it was killed, and whoever listens at its port now is not to be believed a word. */
async function isLeft(home: Home): Promise<boolean> {
  const { tryLock } = await import('../home/home-lock.ts');
  const lock = tryLock(home.lockFile);
  if (lock === null) return false;
  try {
    removeDaemonFile(home);
  } finally {
    lock.release();
  }
  return true;
}

/** Its process was stopped, or hangs: the system still takes connections for it, so that nothing would ever end the wait. */
async function answered<T>(answer: Promise<T>, patience: number, pid: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const silent = new HoldfastError('io', 'The running Holdfast daemon does not answer.', {
      reason: 'daemon-silent',
      hint: `Try again in a while. If it stays so, end the process ${pid} and start Holdfast again.`,
    });
    timer = setTimeout(() => reject(silent), patience);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/** The address of the home's daemon for one page in a browser; null if no daemon answers. */
export async function askDaemonAddress(home: Home): Promise<string | null> {
  const found = daemonFile(home).read();
  if (found === null || (await reachDaemon(home)) === null) return null;
  const { askAddress } = await import('./door-client.ts');
  return askAddress(found);
}
