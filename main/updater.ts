import { fetchStatement } from '../src/app/update/fetch-statement.ts';
import { judgeUpdate } from '../src/app/update/judge-update.ts';
import { canRelease, type ReleaseKeys, releaseKeys } from '../src/app/update/release-keys.ts';
import { checkUpdateFile } from '../src/app/update/update-file.ts';
import { checkUpdateAddresses, checkUpdateHost, statementName } from '../src/app/update/update-place.ts';
import type { Logger } from '../src/common/logger.ts';
import { verifiedFeed } from './update-feed.ts';
import type { UpdatePort } from './update-port.ts';

const every = 6 * 3_600_000;

export interface UpdaterOptions {
  readonly resourcesFolder: string;
  readonly isPackaged: boolean;
  /** Of the app that runs. */
  readonly version: string;
  readonly system: NodeJS.Platform;
  readonly arch: string;
  /** The origin of the account's server, or null if nobody is signed in. Rejects as long as that is not known. */
  storageServer(): Promise<string | null>;
  /** Opens electron-updater for a feed, once there is one to ask. */
  open(feed: URL): Promise<UpdatePort>;
  readonly logger: Logger;
  readonly release?: ReleaseKeys;
}

export interface Updater {
  /** Looks once, and takes what is newer and signed. Never rejects: what goes wrong is logged, and nothing is installed. */
  look(): Promise<void>;
  /** No more is looked for. */
  stop(): void;
  /** At the app's end: starts to install what is ready, if anything is. Resolves if the app has to end by itself. Never rejects. */
  install(): Promise<void>;
}

const off: Updater = { look: async () => undefined, stop: () => undefined, install: async () => undefined };

/**
 * Looks for updates at once and now and then. Only what enough of those who may release have signed is fetched (FORMAT.md 15), is
 * compared with what they signed when it is here and when it is installed, and is installed when the app quits. What the
 * system's own signing asks for comes on top. Never rejects: an app without an updater is an app.
 */
export async function startUpdater(options: UpdaterOptions): Promise<Updater> {
  const { isPackaged, resourcesFolder, system, release = releaseKeys } = options;
  const feed = isPackaged && canRelease(release) ? verifiedFeed(resourcesFolder, system) : null;
  if (feed === null) return off;
  const port = await options.open(feed).catch((error: unknown) => {
    options.logger.log('warn', 'there is no updater', { error });
    return null;
  });
  if (port === null) return off;
  const updater = updaterOf(feed, port, { ...options, release });
  void updater.look();
  const timer = setInterval(() => void updater.look(), every);
  return { ...updater, stop: () => clearInterval(timer) };
}

type Known = UpdaterOptions & { readonly release: ReleaseKeys };
type Ready = { readonly file: string; readonly statement: ReturnType<typeof judgeUpdate> };

function updaterOf(feed: URL, port: UpdatePort, options: Known): Omit<Updater, 'stop'> {
  const { logger, release, version, system, arch } = options;
  const running = { version, platform: `${system}-${arch}` };
  let ready: Ready | null = null;
  let looking: Promise<void> | null = null;
  let isEnding = false;

  const take = async (): Promise<void> => {
    checkUpdateHost(feed, await options.storageServer());
    const offer = await port.look();
    if (offer === null || offer.version === ready?.statement.version) return;
    checkUpdateAddresses(feed, offer.addresses);
    const signed = await fetchStatement(new URL(statementName(running.platform), feed), port.fetch);
    const statement = judgeUpdate(signed, { release, running, offered: offer.version });
    if (isEnding) return;
    // What was ready is so no more: what installs takes the file that was fetched last.
    ready = null;
    const file = await port.download(statement.size);
    await checkUpdateFile(file, statement);
    ready = { file, statement };
    logger.log('info', 'an update is ready', { version: statement.version });
  };

  return {
    look: () => {
      looking ??= take()
        .catch((error: unknown) => logger.log('warn', 'no update was taken', { error }))
        .finally(() => {
          looking = null;
        });
      return looking;
    },
    install: async () => {
      isEnding = true;
      if (ready === null) return;
      const { file, statement } = ready;
      ready = null;
      try {
        // Where it waited, other programs of this person may write.
        await checkUpdateFile(file, statement);
        logger.log('info', 'an update is being installed', { version: statement.version });
        await port.install();
      } catch (error) {
        logger.log('warn', 'an update was not installed', { error });
      }
    },
  };
}
