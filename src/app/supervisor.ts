import { rmSync } from 'node:fs';
import { HoldfastError, isKind } from '../common/errors.ts';
import type { PairId } from '../common/ids.ts';
import type { PairStatus } from '../model/status.ts';
import { knownVaultName } from './account/account-file.ts';
import type { AccountSession } from './account/account-session.ts';
import type { PairRecord } from './home/config.ts';
import { explaining } from './home/errno.ts';
import { isRootGone } from './pairs/bind-root.ts';
import { type PairHost, type PairListener, pairHost } from './pairs/pair-host.ts';
import type { Ports } from './ports.ts';
import { readVaultName } from './vaults/vault-directory.ts';

/** All pairs of a home that is signed in, and the one stream of hints that serves them. */
export interface Supervisor {
  statuses(): readonly PairStatus[];
  host(pair: PairId): PairHost;
  /** Watches and syncs everything from now on. A pair that cannot be opened says so in its status, and is tried again. */
  watch(): Promise<void>;
  add(record: PairRecord): Promise<void>;
  /** Closes the pair and forgets its index. Files stay. */
  remove(pair: PairId): Promise<void>;
  close(): Promise<void>;
}

/** How often a folder that is not there is looked for. */
const retryEvery = 5000;
/** How often the account is looked at because the server says that there is news. */
const accountEvery = 1000;
/** How long it listens to nobody after something else than a lost line has ended that. */
const listenAgain = 60_000;

export function supervise(
  ports: Ports,
  session: AccountSession,
  records: readonly PairRecord[],
  listener: Omit<PairListener, 'watchAgain'>,
): Supervisor {
  const { home, clock, logger } = ports;
  const { onStatus } = listener;
  const hosts = new Map<PairId, PairHost>();
  const closing = new AbortController();
  const background = new Set<Promise<void>>();
  let isWatching = false;

  const put = (record: PairRecord): PairHost => {
    const host = pairHost(ports, session, record, {
      ...listener,
      watchAgain: (each) => run('opening a pair', () => watchPair(each)),
    });
    hosts.set(record.pair, host);
    return host;
  };
  for (const record of records) put(record);

  /** Runs beside everything else; what it throws is logged, never unhandled. */
  const run = (what: string, work: () => Promise<void>): void => {
    const task = work()
      .catch((error: unknown) => {
        if (!closing.signal.aborted) logger.log('warn', `${what} ended`, { error });
      })
      .finally(() => background.delete(task));
    background.add(task);
  };

  const watchPair = async (host: PairHost): Promise<void> => {
    for (;;) {
      if (closing.signal.aborted || hosts.get(host.record.pair) !== host) return;
      try {
        return await host.watch();
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        logger.log('warn', 'a pair cannot be opened', { pair: host.record.pair, reason: error.reason });
        if (!isRootGone(error) && !isKind(error, 'io')) return;
      }
      await clock.sleep(retryEvery, closing.signal);
    }
  };

  /** A vault that is new is told of by its name. */
  const hearNews = async (): Promise<void> => {
    await session.refresh();
    const { vault } = session.news();
    try {
      if (vault !== null && knownVaultName(session.stored(), vault) === null)
        await readVaultName(session, vault, closing.signal);
    } finally {
      onStatus();
    }
  };

  let isTold = false;
  let isLooking = false;
  /** One look at a time, with a pause after it: a server that never ends to speak of news must not be asked without end. */
  const lookAtAccount = async (): Promise<void> => {
    isTold = true;
    if (isLooking) return;
    isLooking = true;
    while (isTold && !closing.signal.aborted) {
      isTold = false;
      await hearNews().catch((error: unknown) => logger.log('warn', 'looking at the account ended', { error }));
      await clock.sleep(accountEvery, closing.signal);
    }
    isLooking = false;
  };

  const listenOnce = (): Promise<void> =>
    session.storage.hints(closing.signal, (hint) => {
      if (hint.type === 'vault') {
        for (const host of hosts.values()) {
          if (host.record.vault === hint.vault) host.hint(hint.seq);
        }
      } else if (hint.type === 'connected' || hint.type === 'disconnected') {
        // Nobody is to be told “up to date” by a device that hears nothing, nor “offline” once it does.
        for (const host of hosts.values()) host.lineChanged();
      } else if (hint.type === 'account' && hint.seq > session.known().chain.position) {
        session.hint(hint.seq);
        run('looking at the account', lookAtAccount);
      }
    });

  /** What ends it may pass: a line that is not the server's before one has signed in to it, or a proxy whose server is away. */
  const listen = async (): Promise<void> => {
    while (!closing.signal.aborted) {
      await listenOnce().catch((error: unknown) => {
        if (!closing.signal.aborted) logger.log('warn', 'the stream of hints ended', { error });
      });
      await clock.sleep(listenAgain, closing.signal);
    }
  };

  return {
    statuses: () => [...hosts.values()].map((host) => host.status()),
    host: (pair) => {
      const found = hosts.get(pair);
      if (found === undefined) throw removedMeanwhile();
      return found;
    },
    watch: async () => {
      isWatching = true;
      run('looking at the account', hearNews);
      run('the stream of hints', listen);
      for (const host of hosts.values()) run('opening a pair', () => watchPair(host));
    },
    add: async (record) => {
      const host = put(record);
      if (isWatching) run('opening a pair', () => watchPair(host));
      onStatus();
    },
    remove: async (pair) => {
      const host = hosts.get(pair);
      hosts.delete(pair);
      await host?.leave();
      explaining('The index of the pair cannot be removed', () => {
        rmSync(home.pairFolder(pair), { recursive: true, force: true });
      });
      onStatus();
    },
    close: async () => {
      closing.abort();
      await Promise.all([...hosts.values()].map((host) => host.close()));
      // Ends what waits for an answer, too: a server that gives none must not keep anybody here.
      await session.close();
      await Promise.all(background);
    },
  };
}

const removedMeanwhile = (): HoldfastError =>
  new HoldfastError('usage', 'This folder is not synced any more.', {
    reason: 'no-such-pair',
    hint: '`pairs` lists them.',
  });
