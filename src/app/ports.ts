import type { Clock } from '../common/clock.ts';
import type { Random } from '../common/ids.ts';
import type { Logger } from '../common/logger.ts';
import type { TransferBudget } from '../engine/transfer/transfer-budget.ts';
import type { FindProxy } from '../remote/find-proxy.ts';
import type { StorageApi } from '../remote/storage-api.ts';
import type { KdfCost } from '../vault/create-account.ts';
import type { Home } from './home/home.ts';
import type { Keychain } from './keychain/keychain.ts';
import type { ChunkThreads } from './seal/chunk-threads.ts';

/** A session with the server, as its client needs it. */
export interface SessionSource {
  /** The bearer token; null before the first login. */
  token(): string | null;
  /** Signs in anew after the server refused the token. */
  renew(): Promise<void>;
}

/** Dials a server; nothing is sent before the first call. */
export type Connect = (server: string, session: SessionSource) => Promise<StorageApi>;

/** What the parts of the app work with. */
export interface Ports {
  readonly home: Home;
  readonly keychain: Keychain;
  readonly connect: Connect;
  /** Null, or not given: every server is reached straight. */
  readonly findProxy?: FindProxy | null;
  /** Why the server that this home keeps could not be started; null while it runs, or none is kept. */
  readonly ownServerProblem?: () => string | null;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** For large chunks; without them, all is done in this thread. */
  readonly threads?: ChunkThreads;
  /** For contents on their way, over all folders. */
  readonly budget?: TransferBudget;
  /** What stretching a new password costs; without it, suite 1's default. */
  readonly kdfCost?: KdfCost;
}

export const nowUs = (clock: Clock): number => Math.floor(clock.now()) * 1000;
