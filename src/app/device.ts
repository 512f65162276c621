import { hostname } from 'node:os';
import { HoldfastError, isKind } from '../common/errors.ts';
import type { PairStatus } from '../model/status.ts';
import type { Bandwidth } from '../remote/bandwidth.ts';
import type { HomeStatus, Settings } from '../rpc/home-report.ts';
import { accountFile, type StoredAccount } from './account/account-file.ts';
import { type AccountNews, accountNewsOf, noNews } from './account/account-news.ts';
import type { AccountSession } from './account/account-session.ts';
import { accountStatusOf } from './account/account-status.ts';
import { sessionFile } from './account/session-file.ts';
import { type Config, configFile, emptyConfig, type PairRecord } from './home/config.ts';
import { withoutEndedPauses } from './home/ended-pauses.ts';
import { homeStatusOf } from './home/home-state.ts';
import { heldBack, lastStatus } from './home/last-status.ts';
import { ownServerProblem } from './own-server/own-server-problem.ts';
import type { Ports } from './ports.ts';
import type { Supervisor } from './supervisor.ts';

/**
 * This device as one thing: its settings, who is signed in, and the pairs once they are needed. The one owner of the
 * home's state while the process runs.
 */
export interface Device {
  readonly ports: Ports;
  config(): Config;
  setPairs(pairs: readonly PairRecord[]): void;
  setSettings(settings: Settings): void;
  setUnconfirmedWords(marks: readonly string[]): void;
  /** Null if nobody is signed in. */
  account(): StoredAccount | null;
  /** Throws `refused` if nobody is signed in, or the keys cannot be opened. */
  session(): Promise<AccountSession>;
  supervisor(): Promise<Supervisor>;
  /** The supervisor, if anything has needed it yet. */
  running(): Supervisor | null;
  /** Someone signed in; the pairs may now be opened. */
  signedIn(): Promise<void>;
  /** The account's server has another address; all that runs goes on there. */
  movedTo(server: string): Promise<void>;
  /** Closes everything of the account. */
  signedOut(): Promise<void>;
  status(): HomeStatus;
  onStatus(listener: () => void): () => void;
  /** From now on everything is watched, once there is an account. */
  watch(): Promise<void>;
  close(): Promise<void>;
}

export const defaultDeviceName = (): string => hostname().split('.')[0]?.slice(0, 64) || 'This computer';

export const notSignedIn = (): HoldfastError =>
  new HoldfastError('refused', 'Nobody is signed in on this device.', {
    reason: 'not-signed-in',
    hint: 'Make an account with `signup`, or add this device to yours with `login`.',
  });

/** How often it is looked whether an account that could not be opened can be by now, in milliseconds. */
const retryEvery = 60_000;

/** What a pair says while the account does not open: what it was last known to be is so no more. */
const lockedStatus = (last: PairStatus, { kind, message }: HoldfastError): PairStatus => ({
  ...last,
  state: 'needs-attention',
  message: kind === 'bug' ? lockedKeys : message,
  messageKind: 'other',
  since: null,
});

const lockedKeys = "This device's keys cannot be opened at the moment. Nothing is synced until they can be.";

/** Loaded when needed: it brings all of crypto and the network with it. */
async function unlock(ports: Ports, stored: StoredAccount): Promise<AccountSession> {
  const { openAccountSession } = await import('./account/account-session.ts');
  return openAccountSession(ports, stored);
}

export function openDevice(ports: Ports, bandwidth: Bandwidth): Device {
  const { home } = ports;
  const settingsFile = configFile(home);
  const accounts = accountFile(home);
  const listeners = new Set<() => void>();
  const found = settingsFile.read() ?? emptyConfig;
  let config: Config = { ...found, pairs: withoutEndedPauses(found.pairs, ports.clock.now()) };
  let stored = accounts.read();
  let session: Promise<AccountSession> | null = null;
  let unlocked: AccountSession | null = null;
  let supervisor: Supervisor | null = null;
  let isWatching = false;
  let watched: Supervisor | null = null;
  /** Why what is to be watched cannot be. */
  let locked: HoldfastError | null = null;
  const closing = new AbortController();

  const applyLimits = ({ upBytesPerSecond, downBytesPerSecond }: Settings): void => {
    bandwidth.setLimit('up', upBytesPerSecond);
    bandwidth.setLimit('down', downBytesPerSecond);
  };
  applyLimits(config.settings);

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const save = (next: Config): void => {
    settingsFile.write(next);
    config = next;
  };

  const accountNow = (): StoredAccount | null => unlocked?.stored() ?? stored;

  const newsNow = (): AccountNews => (unlocked === null ? noNews : accountNewsOf(unlocked, config.pairs));

  const openSession = (): Promise<AccountSession> => {
    if (stored === null) return Promise.reject(notSignedIn());
    if (session !== null) return session;
    const opening: Promise<AccountSession> = unlock(ports, stored).then(
      (opened) => {
        if (session === opening) unlocked = opened;
        return opened;
      },
      (error: unknown) => {
        if (session === opening) session = null;
        throw error;
      },
    );
    session = opening;
    return opening;
  };

  const openSupervisor = async (): Promise<Supervisor> => {
    const [opened, { supervise }] = await Promise.all([openSession(), import('./supervisor.ts')]);
    // Signed out or closed meanwhile: nobody would close it any more.
    if (stored === null || closing.signal.aborted) throw notSignedIn();
    supervisor ??= supervise(ports, opened, config.pairs, {
      onStatus: tell,
      keepSelection: (pair, deselected) =>
        save({
          ...config,
          pairs: config.pairs.map((each) => (each.pair === pair ? { ...each, deselected: [...deselected] } : each)),
        }),
    });
    locked = null;
    // Also if it is a command that finds the keys open again.
    if (isWatching && watched !== supervisor) {
      watched = supervisor;
      await supervisor.watch();
      tell();
    }
    return supervisor;
  };

  const startWatching = async (): Promise<void> => {
    if (stored === null) return;
    try {
      await openSupervisor();
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      ports.logger.log(isKind(error, 'refused') ? 'warn' : 'error', 'the account cannot be opened', {
        reason: error.reason,
      });
      locked = error;
      tell();
      void retryWatching(error);
    }
  };

  /** A keychain that is locked when the computer starts is opened later on. A passphrase stays as it is. */
  const retryWatching = async ({ reason }: HoldfastError): Promise<void> => {
    if (reason === 'key-passphrase') return;
    await ports.clock.sleep(retryEvery, closing.signal);
    if (closing.signal.aborted || locked === null) return;
    await startWatching().catch((error: unknown) =>
      ports.logger.log('error', 'the account cannot be opened', { error }),
    );
  };

  const closeAccount = async (): Promise<void> => {
    const former = supervisor;
    const ending = session;
    supervisor = null;
    session = null;
    unlocked = null;
    locked = null;
    if (former !== null) await former.close();
    else await (await ending?.catch(() => null))?.close();
  };

  const statuses = (): readonly PairStatus[] => {
    if (supervisor !== null) {
      const why = ownServerProblem(ports, accountNow()?.server);
      return supervisor
        .statuses()
        .map((said) => (why !== null && said.state === 'offline' ? { ...said, message: why } : said));
    }
    const last = config.pairs.map((record) => heldBack(record, lastStatus(home, record).read()));
    const reason = locked;
    return reason === null ? last : last.map((status) => lockedStatus(status, reason));
  };

  return {
    ports,
    config: () => config,
    setPairs: (pairs) => {
      save({ ...config, pairs: [...pairs] });
      tell();
    },
    setSettings: (settings) => {
      save({ ...config, settings });
      applyLimits(settings);
    },
    setUnconfirmedWords: (marks) => {
      save({ ...config, unconfirmedWords: [...marks] });
      tell();
    },
    account: accountNow,
    session: openSession,
    supervisor: openSupervisor,
    running: () => supervisor,
    signedIn: async () => {
      stored = accounts.read();
      if (isWatching) await startWatching();
      tell();
    },
    movedTo: async (server) => {
      const before = accountNow();
      if (before === null) throw notSignedIn();
      // First of all: what is asked for while it closes must not open it at the former address.
      stored = { ...before, server };
      await closeAccount();
      stored = { ...(accounts.read() ?? before), server };
      accounts.write(stored);
      // A token is for the server that gave it.
      sessionFile(home, before.device).remove();
      if (isWatching) await startWatching();
      tell();
    },
    signedOut: async () => {
      // First of all: what is asked for while it closes must not open it again.
      stored = null;
      await closeAccount();
      save({ ...config, pairs: [] });
      tell();
    },
    status: () =>
      homeStatusOf(accountStatusOf(accountNow(), config, newsNow()), statuses(), {
        records: config.pairs,
        isRunning: isWatching,
        frozen: accountNow()?.pin.frozen ?? null,
      }),
    onStatus: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    watch: async () => {
      isWatching = true;
      await startWatching();
      tell();
    },
    close: () => {
      closing.abort();
      return closeAccount();
    },
  };
}
