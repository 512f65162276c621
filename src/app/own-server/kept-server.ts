import { HoldfastError } from '../../common/errors.ts';
import type { Ports } from '../ports.ts';
import { type KeptRunning, keepRunning, type Running } from './keep-running.ts';
import { findLocalServer, type LocalServer, makeLocalServer } from './local-server.ts';

/** The server of this computer, kept running while this process does. */
export interface KeptServer {
  /** Starts it if this home has one; does not wait for it to be ready. */
  begin(): Promise<void>;
  /** Its address once it answers; made and started if this home had none. */
  origin(): Promise<string>;
  /** Why it could not be started, the last time; null once it runs. */
  problem(): string | null;
  stop(): Promise<void>;
}

export function keepServer(
  { home, random, clock, logger }: Pick<Ports, 'home' | 'random' | 'clock' | 'logger'>,
  start: (server: LocalServer) => Running<string>,
): KeptServer {
  let kept: KeptRunning<string> | null = null;
  let problem: string | null = null;
  let making: Promise<LocalServer> | null = null;
  const keep = (server: LocalServer): KeptRunning<string> => {
    kept ??= keepRunning('the server of this computer', () => start(server), {
      clock,
      logger,
      onUp: () => {
        problem = null;
      },
      onFailed: (error) => {
        problem = error instanceof HoldfastError ? error.message : 'Its program cannot be started.';
      },
    });
    return kept;
  };
  return {
    begin: async () => {
      const server = findLocalServer(home);
      // It also runs where what an earlier version left cannot be completed.
      if (server !== null) keep(await makeLocalServer(home, random).catch(() => server));
    },
    origin: async () => {
      // Each would choose a port of its own.
      making ??= makeLocalServer(home, random).finally(() => {
        making = null;
      });
      const server = await making;
      await keep(server).current();
      return server.origin;
    },
    problem: () => problem,
    stop: async () => {
      await kept?.stop();
    },
  };
}
