import { hostname } from 'node:os';
import { HoldfastError, isKind } from '../common/errors.ts';
import type { Bandwidth } from '../remote/bandwidth.ts';
import type { HomeStatus, Settings } from '../rpc/home-report.ts';
import { accountFile, type StoredAccount, signedInOf } from './account-file.ts';
import type { AccountSession } from './account-session.ts';
import { type Config, configFile, emptyConfig, type PairRecord } from './config.ts';
import { homeStatusOf } from './home-state.ts';
import { lastStatus } from './last-status.ts';
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
  /** Null if nobody is signed in. */
  account(): StoredAccount | null;
  /** Throws `refused` if nobody is signed in, or the keys cannot be opened. */
  session(): Promise<AccountSession>;
  supervisor(): Promise<Supervisor>;
  /** The supervisor, if anything has needed it yet. */
  running(): Supervisor | null;
  /** Someone signed in; the pairs may now be opened. */
  signedIn(): Promise<void>;
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

/** Loaded when needed: it brings all of crypto and the network with it. */
async function unlock(ports: Ports, stored: StoredAccount): Promise<AccountSession> {
  const { openAccountSession } = await import('./account-session.ts');
  return openAccountSession(ports, stored);
}

export function openDevice(ports: Ports, bandwidth: Bandwidth): Device {
  const { home } = ports;
  const settingsFile = configFile(home);
  const accounts = accountFile(home);
  const listeners = new Set<() => void>();
  let config = settingsFile.read() ?? emptyConfig;
  let stored = accounts.read();
  let session: Promise<AccountSession> | null = null;
  let unlocked: AccountSession | null = null;
  let supervisor: Supervisor | null = null;
  let isWatching = false;

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

  const openSession = (): Promise<AccountSession> => {
    if (stored === null) return Promise.reject(notSignedIn());
    session ??= unlock(ports, stored).then(
      (opened) => {
        unlocked = opened;
        return opened;
      },
      (error: unknown) => {
        session = null;
        throw error;
      },
    );
    return session;
  };

  const openSupervisor = async (): Promise<Supervisor> => {
    const [opened, { supervise }] = await Promise.all([openSession(), import('./supervisor.ts')]);
    supervisor ??= supervise(ports, opened, config.pairs, {
      onStatus: tell,
      keepSelection: (pair, deselected) =>
        save({
          ...config,
          pairs: config.pairs.map((each) => (each.pair === pair ? { ...each, deselected: [...deselected] } : each)),
        }),
    });
    return supervisor;
  };

  const startWatching = async (): Promise<void> => {
    if (stored === null) return;
    try {
      await (await openSupervisor()).watch();
    } catch (error) {
      if (!(error instanceof HoldfastError)) throw error;
      ports.logger.log(isKind(error, 'refused') ? 'warn' : 'error', 'the account cannot be opened', {
        reason: error.reason,
      });
    }
  };

  const closeAccount = async (): Promise<void> => {
    const closing = supervisor;
    const ending = session;
    supervisor = null;
    session = null;
    unlocked = null;
    if (closing !== null) await closing.close();
    else if (ending !== null) await (await ending).close();
  };

  const statuses = () => supervisor?.statuses() ?? config.pairs.map((record) => lastStatus(home, record).read());

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
    account: () => unlocked?.stored() ?? stored,
    session: openSession,
    supervisor: openSupervisor,
    running: () => supervisor,
    signedIn: async () => {
      stored = accounts.read();
      if (isWatching) await startWatching();
      tell();
    },
    signedOut: async () => {
      await closeAccount();
      stored = null;
      save({ ...config, pairs: [] });
      tell();
    },
    status: () =>
      homeStatusOf(signedInOf(stored), statuses(), {
        isRunning: isWatching,
        frozen: (unlocked?.stored() ?? stored)?.pin.frozen ?? null,
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
    close: closeAccount,
  };
}
