import { HoldfastError, isKind } from '../../common/errors.ts';
import type { Service } from '../../rpc/contract.ts';
import type { Home } from '../home/home.ts';
import { daemonFile, removeDaemonFile } from './daemon-file.ts';

/** A daemon that works is busy for a second at most. */
const patienceMs = 20_000;

/** The home's daemon, if one answers. One that is there and does not, after `patience` milliseconds, is an `io` error that names it. */
export async function reachDaemon(home: Home, patience = patienceMs): Promise<Service | null> {
  const found = daemonFile(home).read();
  if (found === null || (await isLeft(home))) return null;
  const { remoteService } = await import('./door-client.ts');
  const service = remoteService(found);
  try {
    await answered(service['settings-get']({}), patience, found.pid);
    return service;
  } catch (error) {
    if (isNobody(error)) return null;
    throw error;
  }
}

/** Asks the home's daemon to end, of whatever version it is; false if none answers. Throws `io` as `reachDaemon` does. */
export async function endDaemon(home: Home): Promise<boolean> {
  const found = daemonFile(home).read();
  if (found === null || (await isLeft(home))) return false;
  const { askToEnd } = await import('./door-client.ts');
  try {
    await answered(askToEnd(found), patienceMs, found.pid);
    return true;
  } catch (error) {
    if (isNobody(error)) return false;
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
async function answered(answer: Promise<unknown>, patience: number, pid: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_resolve, reject) => {
    const silent = new HoldfastError('io', 'The running Holdfast daemon does not answer.', {
      reason: 'daemon-silent',
      hint: `Try again in a while. If it stays so, end the process ${pid} and start Holdfast again.`,
    });
    timer = setTimeout(() => reject(silent), patience);
  });
  try {
    await Promise.race([answer, silence]);
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
