import { isKind } from '../common/errors.ts';
import type { Service } from '../rpc/contract.ts';
import { daemonFile } from './daemon-file.ts';
import type { Home } from './home.ts';

/** The home's daemon, if one answers. */
export async function reachDaemon(home: Home): Promise<Service | null> {
  const found = daemonFile(home).read();
  if (found === null) return null;
  const { remoteService } = await import('./door-client.ts');
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

/** The address of the home's daemon for one page in a browser; null if no daemon answers. */
export async function askDaemonAddress(home: Home): Promise<string | null> {
  const found = daemonFile(home).read();
  if (found === null || (await reachDaemon(home)) === null) return null;
  const { askAddress } = await import('./door-client.ts');
  return askAddress(found);
}
