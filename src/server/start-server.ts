import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../common/clock.ts';
import { HoldfastError } from '../common/errors.ts';
import { type Logger, silentLogger } from '../common/logger.ts';
import { createAccountChains } from './account-chains.ts';
import { createAccounts } from './accounts.ts';
import { createByteBudget } from './byte-budget.ts';
import { createCheckpoints } from './checkpoints.ts';
import { type Collected, startCollector } from './collector.ts';
import { createCounters } from './counters.ts';
import { openDataFolder } from './data-folder.ts';
import { openDiskObjects } from './disk/disk-object-store.ts';
import { createApp } from './http/app.ts';
import { boundConnections } from './http/connections.ts';
import { createEventStreams } from './http/event-stream.ts';
import { createHandlers, type SignupPolicy } from './http/handlers.ts';
import { createHub } from './hub.ts';
import { createLogin } from './login.ts';
import type { MetadataStore } from './metadata-store.ts';
import type { ObjectStore } from './object-store.ts';
import { createObjects } from './objects.ts';
import { openApiDocument } from './openapi.ts';
import { createLimit, createRateLimits, defaultRates, type Rate, type RateName } from './rate-limits.ts';
import { createSlabs } from './slabs.ts';
import { openSqliteMetadata } from './sqlite/sqlite-metadata-store.ts';
import { standingOf } from './standing.ts';
import { createTurns } from './turns.ts';
import { createVaults, type Grace } from './vaults.ts';

export interface ServerOptions {
  /** Made if it does not exist; for one server at a time. */
  readonly dataDir: string;
  /** Port 0: any that is free. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly logger?: Logger;
  /** URL origins by which clients reach the server (`https://sync.example.org`), besides its own on loopback. */
  readonly origins?: readonly string[];
  readonly tls?: { readonly key: string | Buffer; readonly cert: string | Buffer };
  /** A proxy in front sets `X-Forwarded-For`, and clients cannot reach past it. */
  readonly trustProxy?: boolean;
  readonly signup?: SignupPolicy;
  /** Bytes for each account; null: no limit. */
  readonly quota?: number | null;
  readonly grace?: Partial<Grace>;
  /** Milliseconds between two collections. */
  readonly collectInterval?: number;
  /** Milliseconds between signs of life on event streams. */
  readonly heartbeat?: number;
  readonly rates?: Partial<Record<RateName, Rate>>;
  /** Bytes of memory that bodies take at most, all together. */
  readonly bodyMemory?: number;
  /** Connections that may be open; beyond that, the one that is idle longest is closed. */
  readonly connections?: number;
  /** Milliseconds that a client may take for the headers of a request; other limits of time are multiples of it. */
  readonly patience?: number;
  /** Opens the metrics to whoever has it; without one they are for loopback only. */
  readonly metricsToken?: string;
  /** The disk failed in such a way that only a server that is started anew can write again: this one should be closed. */
  readonly onFailed?: (error: HoldfastError) => void;
}

export interface RunningServer {
  /** The origin that clients on this machine dial. */
  readonly url: string;
  /** Removes now what nothing needs any more and whose grace period is over. */
  collect(): Promise<Collected>;
  /** Answers what is under way, then lets go of the data folder. */
  close(): Promise<void>;
}

const day = 24 * 3_600_000;
/** FORMAT.md 8.2 for what was released; a week to finish an upload. */
const defaultGrace: Grace = { released: 30 * day, unreferenced: 7 * day };
const defaultBodyMemory = 48 * 1024 * 1024;
const collectInterval = 10 * 60_000;
/** How long requests under way may take to end when the server closes. */
const closeTimeout = 10_000;

const originPattern = /^https?:\/\/[^/?#@\s]+$/i;

/** As clients name it: in small letters, without the usual port, `xn--` where it is not ASCII. */
function originOf(text: string): string {
  const url = originPattern.test(text) ? URL.parse(text) : null;
  if (url !== null) return url.origin;
  throw new HoldfastError('usage', `An origin is like https://sync.example.org, without a path: ${text}`);
}

/**
 * Starts the storage server. Throws as `openDataFolder`, `usage` for an origin that is none, `io` if the address cannot be listened on.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const origins = new Set(options.origins?.map(originOf));
  const folder = await openDataFolder(options.dataDir);
  let metadata: MetadataStore | null = null;
  let store: ObjectStore | null = null;
  try {
    metadata = openSqliteMetadata(folder.metadata, options.onFailed);
    store = await openDiskObjects(folder.objects, metadata.start);
    return await serve(options, origins, metadata, store, folder.release);
  } catch (error) {
    await store?.close();
    await metadata?.close();
    folder.release();
    throw error;
  }
}

async function serve(
  options: ServerOptions,
  origins: Set<string>,
  metadata: MetadataStore,
  store: ObjectStore,
  release: () => void,
): Promise<RunningServer> {
  const { clock, logger = silentLogger, quota = null, signup = 'open' } = options;
  const grace = { ...defaultGrace, ...options.grace };
  const hub = createHub();
  const budget = createByteBudget(options.bodyMemory ?? defaultBodyMemory);
  const turns = createTurns();
  const counters = createCounters();
  const connections = boundConnections(options.connections);
  const limit = createLimit(createRateLimits(clock, { ...defaultRates, ...options.rates }), counters);
  const loadChain = createAccountChains(metadata.accounts);
  const accounts = createAccounts(metadata, loadChain, hub);
  const login = createLogin(metadata, loadChain, clock);
  const vaults = createVaults({ metadata, accounts, loadChain, hub, clock, grace, quota });
  const checkpoints = createCheckpoints(metadata, loadChain, clock, grace);
  const objects = createObjects({
    metadata,
    store,
    clock,
    grace,
    quota,
    onDamage: (vault, object) => {
      counters.add('damaged');
      logger.log('error', 'an object is damaged or gone', { vault, object });
    },
  });
  const streams = createEventStreams({
    metadata,
    hub,
    clock,
    isWelcome: async ({ account, devicePublic }) => {
      const chain = await loadChain(account);
      return chain !== null && standingOf(chain, devicePublic)?.isLive === true;
    },
    ...(options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat }),
  });
  let isClosing = false;
  let openapi: string | null = null;
  const handlers = createHandlers({
    accounts,
    login,
    vaults,
    checkpoints,
    objects,
    metadata,
    budget,
    turns,
    slabs: createSlabs(),
    counters,
    limit,
    grace,
    quota,
    signup,
    now: () => clock.now(),
    isOwnOrigin: (origin) => origins.has(origin),
    openapi: () => {
      openapi ??= JSON.stringify(openApiDocument());
      return openapi;
    },
    metrics: () =>
      counters.text({
        connections: connections.open,
        event_streams: hub.count(),
        resident_bytes: process.memoryUsage.rss(),
      }),
  });
  const app = createApp({
    handlers,
    streams,
    connections,
    login,
    limit,
    budget,
    turns,
    counters,
    logger,
    isOperator: operatorCheck(options.metricsToken),
    trustProxy: options.trustProxy ?? false,
    isClosing: () => isClosing,
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.tls === undefined ? {} : { tls: options.tls }),
  });
  try {
    await app.listen(options.listen);
  } catch (cause) {
    await streams.close();
    throw new HoldfastError('io', 'The server cannot listen on this address; it may be in use.', { cause });
  }
  const { port } = app.server.address() as AddressInfo;
  const scheme = options.tls === undefined ? 'http' : 'https';
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) origins.add(new URL(`${scheme}://${host}:${port}`).origin);
  const collector = startCollector({
    metadata,
    store,
    clock,
    logger,
    interval: options.collectInterval ?? collectInterval,
  });

  let closing: Promise<void> | null = null;
  async function close(): Promise<void> {
    isClosing = true;
    await streams.close();
    const cut = setTimeout(() => app.server.closeAllConnections(), closeTimeout);
    await app.close();
    clearTimeout(cut);
    await collector.close();
    await store.close();
    await metadata.close();
    release();
  }

  return {
    url: `${scheme}://${urlHost(options.listen.host)}:${port}`,
    collect: collector.collect,
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

function urlHost(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function operatorCheck(expected: string | undefined): (token: string) => boolean {
  if (expected === undefined) return () => false;
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const hash = digest(expected);
  return (token) => timingSafeEqual(digest(token), hash);
}
