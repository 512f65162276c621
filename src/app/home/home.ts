import { chmodSync, mkdirSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { errnoOf } from '../../common/errno.ts';
import { HoldfastError } from '../../common/errors.ts';
import type { PairId, VaultId } from '../../common/ids.ts';
import { explained } from './errno.ts';
import { makeFolders } from './make-folders.ts';

/**
 * All of a device's state, in one folder that only its owner can read:
 *
 *     config.json      settings and folder pairs
 *     account.json     who is signed in: account chain and record as last verified, sealed device keys
 *     session.json     the server's session between two commands
 *     departed.json    what was verified of accounts that signed out
 *     keys/            the file keychain
 *     pins/VAULT.json  how far a vault was verified, should its index be lost
 *     pairs/ID/        index.db (the local index), status.json (last known state)
 *     logs/            holdfast.log
 *     window/          what the desktop app's window keeps
 *     server/          data of the storage server that runs on this computer, if one does; server.json: its port and invitation
 *     daemon.json      door of the running daemon
 *     lock             held by the one process that may write here
 */
export interface Home {
  readonly folder: string;
  readonly configFile: string;
  readonly accountFile: string;
  readonly sessionFile: string;
  readonly departedFile: string;
  readonly keysFolder: string;
  readonly logFile: string;
  readonly daemonFile: string;
  readonly lockFile: string;
  pinFile(vault: VaultId): string;
  pairFolder(pair: PairId): string;
}

/** `--home`, else HOLDFAST_HOME, else the system's place for application data. */
export function chooseHomeFolder(flag: string | null, environment: NodeJS.ProcessEnv): string {
  const chosen = flag ?? environment['HOLDFAST_HOME'] ?? null;
  if (chosen === '') throw new HoldfastError('usage', 'The home folder is an empty text; name a folder.');
  if (chosen !== null) return resolve(chosen);
  const { data } = envPaths('holdfast', { suffix: '' });
  if (isAbsolute(data)) return data;
  // Keys would go wherever this was started.
  throw new HoldfastError('usage', 'The environment does not say where your home directory is.', {
    reason: 'no-home',
    hint: 'Set HOME to its absolute path, or choose a folder with --home.',
  });
}

/** Makes the folder if need be, for its owner alone. */
export function openHome(folder: string): Home {
  try {
    makeFolders(folder, 0o700);
    if (!statSync(folder).isDirectory()) throw new HoldfastError('io', `The Holdfast home ${folder} is not a folder.`);
    claim(folder);
    const home = homeAt(realpathSync(folder));
    mkdirSync(home.keysFolder, { recursive: true, mode: 0o700 });
    mkdirSync(join(home.folder, 'logs'), { recursive: true, mode: 0o700 });
    return home;
  } catch (error) {
    const isOther = errnoOf(error) === 'EEXIST' || errnoOf(error) === 'ENOTDIR';
    if (isOther) throw new HoldfastError('io', `The Holdfast home ${folder} is not a folder.`, { cause: error });
    throw explained(error, `The Holdfast home ${folder} cannot be used`);
  }
}

/** Others may not look in. A folder with other people's things in it is refused, not locked away from them. */
function claim(folder: string): void {
  const isOpen = process.platform !== 'win32' && (statSync(folder).mode & 0o077) !== 0;
  if (!isOpen) return;
  const foreign = readdirSync(folder).some((name) => !own.has(name));
  if (foreign) {
    throw new HoldfastError('refused', `The Holdfast home ${folder} is open to other users and holds other things.`, {
      reason: 'home-open',
      hint: `Choose an empty folder, or close this one with: chmod 700 ${folder}`,
    });
  }
  chmodSync(folder, 0o700);
}

const own = new Set([
  'config.json',
  'account.json',
  'session.json',
  'departed.json',
  'server',
  'window',
  'server.json',
  'keys',
  'pins',
  'pairs',
  'logs',
  'daemon.json',
  'lock',
  'lock-journal',
]);

const homeAt = (folder: string): Home => ({
  folder,
  configFile: join(folder, 'config.json'),
  accountFile: join(folder, 'account.json'),
  sessionFile: join(folder, 'session.json'),
  departedFile: join(folder, 'departed.json'),
  keysFolder: join(folder, 'keys'),
  logFile: join(folder, 'logs', 'holdfast.log'),
  daemonFile: join(folder, 'daemon.json'),
  lockFile: join(folder, 'lock'),
  pinFile: (vault) => join(folder, 'pins', `${vault}.json`),
  pairFolder: (pair) => join(folder, 'pairs', pair),
});
