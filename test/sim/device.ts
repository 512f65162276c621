import { contentCrypto } from '../../src/app/seal/content-crypto.ts';
import { diskError } from '../../src/common/disk-error.ts';
import { HoldfastError, isKind, must } from '../../src/common/errors.ts';
import { newId, type ObjectId, type PairId } from '../../src/common/ids.ts';
import { silentLogger } from '../../src/common/logger.ts';
import type { Index } from '../../src/db/index-port.ts';
import { openIndex } from '../../src/db/open-index.ts';
import { takeRoot } from '../../src/engine/observe/take-root.ts';
import { openPair } from '../../src/engine/open-pair.ts';
import type { Pair } from '../../src/engine/pair.ts';
import type { SelectionStore } from '../../src/engine/selection/selection.ts';
import type { ContentCrypto } from '../../src/engine/transfer/content-crypto.ts';
import type { FileSystem, VolumeTraits } from '../../src/local/file-system.ts';
import { makeIgnoreRules } from '../../src/local/ignore-rules.ts';
import { openNodeFileSystem } from '../../src/local/node-file-system.ts';
import { isDiverged } from '../../src/plan/diverged.ts';
import type { Author } from '../../src/vault/author.ts';
import { plantedName, type SimAccount, worldStart } from './account.ts';
import { guardedDisk } from './guarded-disk.ts';
import { type KeptState, keptPin, type WatchedIndex, watchedIndex } from './kept-state.ts';
import { type Life, life } from './life.ts';
import type { Line } from './network.ts';
import type { Dice } from './random.ts';
import type { Scheduler } from './scheduler.ts';
import type { SimFolder } from './sim-folder.ts';

/** Where a process dies: after so many calls to the outside, calls of the disk alone, or commits of the index. */
export type DeathPlace = 'call' | 'disk' | 'commit';

export interface Death {
  readonly where: DeathPlace;
  readonly after: number;
  /** The computer goes with it: what was not synced may be lost. */
  readonly isPowerCut: boolean;
}

/** A process of a device while it runs. */
export interface Running {
  readonly pair: Pair;
  readonly index: Index;
  /** Known once the vault's first entry was opened. */
  crypto(): ContentCrypto | null;
  /** Removes a device from the account. False if there is none left to remove. */
  revoke(): Promise<boolean>;
}

/** Who a computer is to the server. */
export interface Login {
  account: SimAccount;
  /** Which device of the account. */
  device: number;
}

/** A computer with a folder pair. Its folder, kept state and line outlive its processes. */
export interface SimDevice {
  readonly at: number;
  readonly name: string;
  readonly folder: SimFolder;
  readonly line: Line;
  readonly kept: KeptState;
  readonly login: Readonly<Login>;
  readonly running: Running | null;
  readonly isUp: boolean;
  /** How many processes there were. */
  readonly processes: number;
  readonly isStopping: boolean;
  readonly isWatching: boolean;
  /** Something of the vault was not to be on it, once: what goes for that is in no trash. */
  hasDeselected: boolean;
  /** Milliseconds that its wall clock is ahead. */
  offset: number;
  /** Starts a process; ready after a while. */
  start(): void;
  /** Resolves when a process that is starting is ready. */
  ready(): Promise<Running>;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it in order, and starts as a pair that knows nothing. */
  addAgain(): Promise<void>;
  /** Ends it in order, and starts on the copy that takes its folder's place. */
  locate(without: () => string | null): Promise<void>;
  /** What it kept is lost: it logs in anew, where so many revocations are known, and starts as a pair that knows nothing. */
  logInAnew(login: Login, revocations: number): void;
  /** Ends it when it comes to that; at once with `finish`. */
  expect(death: Death): void;
  finish(): void;
  close(): void;
}

export interface DeviceParts {
  readonly at: number;
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  /** Its own: changed as it logs in anew. */
  readonly login: Login;
  readonly folder: SimFolder;
  readonly line: Line;
  readonly isWatching: boolean;
  /** Longest time of a call to the disk, milliseconds. */
  readonly slowness: number;
  /** Undefined: the engine's own number. */
  readonly newNodesInPlan: number | undefined;
  readonly leastWorkMs: number | undefined;
  readonly smallBytes: number | undefined;
  readonly checkpointEntries: number | undefined;
  readonly onBug: (message: string) => void;
  /** Which plaintext is in which object. */
  readonly onSealed: (object: ObjectId, plain: Uint8Array) => void;
  readonly onStatus: (status: string) => void;
  readonly onDeath: (how: string) => void;
  /** It changed something on the disk. */
  readonly onDisk: (what: () => string) => void;
  /** Around a power cut of the folder's disk. */
  readonly aroundPowerCut: (cut: () => void) => void;
}

/** A small cache: SQLite asks the system for all of it at once. */
const cacheBytes = 256 * 1024;

interface Process {
  readonly own: Life;
  readonly ready: Promise<Running>;
  running: Running | null;
  watched: WatchedIndex | null;
  closeIndex: () => void;
  flushPin: () => void;
  expected: Death | null;
}

export function simDevice(parts: DeviceParts): SimDevice {
  const { at, scheduler, dice, login, folder, line, isWatching, slowness } = parts;
  const { newNodesInPlan, leastWorkMs, smallBytes, checkpointEntries } = parts;
  const name = `${plantedName} device ${at}`;
  let pairId = newId<PairId>(dice);
  const kept: KeptState = { index: null, pin: null, selection: [], revocations: 0 };
  const selection: SelectionStore = {
    read: () => kept.selection,
    write: async (nodes) => {
      kept.selection = [...nodes];
    },
  };
  let traits: VolumeTraits | null = null;
  let offset = 0;
  let process: Process | null = null;
  let processes = 0;
  let isStopping = false;
  let isWanted = false;
  let isElsewhere = false;
  const wall = (): number => worldStart + Math.floor(scheduler.now) + offset;

  /** At this very moment: what the process still runs in this turn has no effect. */
  const die = (dying: Process): void => {
    dying.own.end();
    const isPowerCut = dying.expected?.isPowerCut === true;
    if (dying.watched !== null) {
      kept.index = isPowerCut ? dying.watched.afterPowerCut() : dying.watched.index.bytes();
    }
    if (process === dying) process = null;
    isStopping = false;
    line.onHint = () => undefined;
    if (isPowerCut) parts.aroundPowerCut(() => folder.disk.crash({ powerCut: true }));
    else folder.disk.crash();
    // Something of it may be in the middle of a read.
    scheduler.after(0, dying.closeIndex);
    parts.onDeath(isPowerCut ? 'the power is cut' : 'the process dies');
  };

  /** Tells of what changes the folder; the rest would be too much. */
  const told = (fs: FileSystem): FileSystem => {
    const tell =
      <A extends unknown[], R>(what: string, call: (...args: A) => R) =>
      (...args: A): R => {
        const paths = args.filter((arg) => typeof arg === 'string');
        parts.onDisk(() => `${what} ${paths.join(', ')}`);
        return call(...args);
      };
    return {
      ...fs,
      makeFolder: tell('makes the folder', fs.makeFolder),
      move: tell('moves', fs.move),
      placeStaged: tell('places', fs.placeStaged),
      placeAll: (places) => {
        for (const { path } of places) parts.onDisk(() => `places ${path}`);
        return fs.placeAll(places);
      },
      removeFolder: tell('removes the folder', fs.removeFolder),
      trashFile: tell('trashes', fs.trashFile),
      park: tell('parks', fs.park),
      unpark: tell('unparks', fs.unpark),
    };
  };

  const openOn = (own: Life, of: Process, fs: FileSystem, found: VolumeTraits): Running => {
    const indexOptions = { rules: found.nameRules, isDiverged, cacheBytes };
    let crypto: ContentCrypto | null = null;
    const pin = keptPin(
      kept,
      () => scheduler.now,
      () => own.isAlive,
    );
    of.flushPin = pin.flush;
    const build = (): Running => {
      const index = openIndex(kept.index ?? emptyIndex(found), indexOptions);
      const watched = watchedIndex(index, dice);
      of.watched = watched;
      of.closeIndex = () => {
        try {
          index.close();
        } catch {
          // A page of a list was being read when the process ended.
        }
      };
      watched.onCommit = () => {
        const { expected } = of;
        if (expected?.where !== 'commit' || !own.isAlive) return;
        of.expected = { ...expected, after: expected.after - 1 };
        if (of.expected.after <= 0) die(of);
      };
      const storage = line.storage(own, dice);
      const { account, device: self } = login;
      const known = (): Author => account.author(self, kept.revocations);
      const refresh = async (): Promise<Author> => {
        const { head } = await storage.getChain(known().chain.position);
        if (head.seq < known().chain.position) {
          throw new HoldfastError('security', 'the server shows an older account', { security: 'E_ROLLBACK' });
        }
        kept.revocations = Math.max(kept.revocations, head.seq - account.position(0));
        return known();
      };
      let isDue = true;
      const refreshIfDue = async (): Promise<void> => {
        if (!isDue) return;
        isDue = false;
        await refresh().catch((error: unknown) => {
          isDue = true;
          throw error;
        });
      };
      line.onAccountHint = (seq) => {
        if (!own.isAlive || seq <= known().chain.position) return;
        isDue = true;
        // As the app does; what fails is done again before the next entry.
        refreshIfDue().catch(() => undefined);
      };
      const pair = openPair({
        pair: pairId,
        vault: account.vault,
        folder: folder.path,
        index: watched.index,
        fs: own.port(told(fs), () => dice.next() * slowness),
        traits: found,
        ignore: makeIgnoreRules(),
        makeWatcher: (options) => folder.watcher(options, own),
        storage,
        account: { keys: account.keys, author: known, refresh, refreshIfDue },
        pin,
        selection,
        contentCrypto: (ring) => {
          const real = contentCrypto(ring, dice);
          crypto = {
            ...real,
            sealChunk: async (plain) => {
              const sealed = await real.sealChunk(plain);
              parts.onSealed(sealed.objectId, plain);
              return sealed;
            },
            sealChunks: async (plains) => {
              const sealed = await real.sealChunks(plains);
              for (const [at, plain] of plains.entries()) parts.onSealed(must(sealed.chunks[at]).objectId, plain);
              return sealed;
            },
          };
          return crypto;
        },
        deviceName: name,
        deviceNameOf: () => name,
        clock: own.clock(wall),
        random: dice,
        logger: silentLogger,
        ...(newNodesInPlan === undefined ? {} : { newNodesInPlan }),
        ...(leastWorkMs === undefined ? {} : { times: { leastWorkMs, leaveAfterMs: leastWorkMs } }),
        ...(smallBytes === undefined ? {} : { smallBytes }),
        ...(checkpointEntries === undefined ? {} : { checkpointEntries }),
      });
      const revoke = async (): Promise<boolean> => {
        await refresh();
        const count = kept.revocations;
        const event = account.revocations[count];
        if (event === undefined) return false;
        await storage.appendEvent(event);
        kept.revocations = Math.max(kept.revocations, count + 1);
        pair.lineChanged();
        return true;
      };
      return { pair, index: watched.index, crypto: () => crypto, revoke };
    };
    try {
      return build();
    } catch (error) {
      if (!isKind(error, 'corrupt')) throw error;
      // As the app does: it is moved aside and made anew.
      of.closeIndex();
      kept.index = null;
      return build();
    }
  };

  const boot = async (own: Life, of: Process): Promise<Running> => {
    const fs = openNodeFileSystem(folder.path, {
      disk: guardedDisk(
        folder.openDisk(),
        own,
        () => dice.next() * slowness,
        () => {
          const { expected } = of;
          if (expected?.where !== 'disk') return false;
          of.expected = { ...expected, after: expected.after - 1 };
          if (of.expected.after > 0) return false;
          die(of);
          return true;
        },
      ),
      random: dice,
      now: wall,
      slice: { isSpent: () => false, rest: async () => undefined },
      anchoring: 'path',
    });
    const state = await own.port(fs, () => dice.next() * slowness).checkRoot(null);
    if (state !== 'ok') throw diskError('root-gone');
    traits ??= await fs.probeVolume();
    const running = openOn(own, of, fs, traits);
    if (isElsewhere) {
      const port = own.port(told(fs), () => dice.next() * slowness);
      const { vault: vaultId } = login.account;
      await takeRoot(running.index, port, { pairId, vaultId, madeAt: wall(), deselected: kept.selection });
      isElsewhere = false;
    }
    of.running = running;
    running.pair.onStatus(() => {
      const { state, message } = running.pair.status();
      parts.onStatus(`${state}: ${message}`);
    });
    line.onHint = (seq) => {
      if (own.isAlive) running.pair.hint(seq);
    };
    line.listen();
    if (isWatching) await running.pair.start();
    return running;
  };

  /** As the app does: where the disk does not let it, it tries again. */
  const bootAtLast = async (own: Life, of: Process): Promise<Running> => {
    for (;;) {
      try {
        return await boot(own, of);
      } catch (error) {
        if (!isKind(error, 'io')) throw error;
        await own.call(5000, () => undefined);
      }
    }
  };

  const start = (): void => {
    isWanted = true;
    if (process !== null) return;
    processes++;
    const own = life(scheduler);
    const { promise, resolve, reject } = Promise.withResolvers<Running>();
    const started: Process = {
      own,
      ready: promise,
      running: null,
      watched: null,
      closeIndex: () => undefined,
      flushPin: () => undefined,
      expected: null,
    };
    process = started;
    promise.catch((error: unknown) => {
      if (own.isAlive) parts.onBug(`${name} does not start: ${error instanceof Error ? error.stack : String(error)}`);
    });
    bootAtLast(own, started).then(resolve, reject);
  };

  const stop = async (): Promise<void> => {
    const stopping = process;
    if (stopping === null || isStopping) return;
    isStopping = true;
    isWanted = false;
    const { pair } = await stopping.ready;
    const { watched } = stopping;
    if (watched === null) return;
    let closed: Uint8Array | null = null;
    const { index } = watched;
    // What the file holds when it is closed.
    const close = index.close;
    (index as { close: () => void }).close = () => {
      closed = index.bytes();
      close();
    };
    await pair.close();
    if (!stopping.own.isAlive) return;
    stopping.flushPin();
    stopping.own.end();
    kept.index = closed;
    line.onHint = () => undefined;
    if (process === stopping) process = null;
    isStopping = false;
    // Somebody started the app while it was closing.
    if (isWanted) start();
  };

  const forget = (): void => {
    pairId = newId<PairId>(dice);
    kept.index = null;
    kept.pin = null;
    kept.selection = [];
  };

  return {
    at,
    name,
    folder,
    line,
    kept,
    login,
    isWatching,
    hasDeselected: false,
    get running() {
      return process?.running ?? null;
    },
    get processes() {
      return processes;
    },
    get isStopping() {
      return isStopping;
    },
    get isUp() {
      return process !== null;
    },
    get offset() {
      return offset;
    },
    set offset(ms) {
      offset = ms;
      folder.clockOffset = ms;
    },
    start,
    ready: () =>
      process?.ready ?? Promise.reject(new HoldfastError('offline', `${name} is not up`, { reason: 'closing' })),
    stop,
    async addAgain() {
      await stop();
      if (process !== null || folder.isUnplugged) return;
      forget();
      start();
    },
    async locate(without) {
      await stop();
      if (process !== null || folder.isUnplugged) return;
      folder.copyElsewhere(without());
      isElsewhere = true;
      start();
    },
    logInAnew(next, revocations) {
      if (process !== null) die(process);
      Object.assign(login, next);
      forget();
      kept.revocations = revocations;
      start();
    },
    expect(death) {
      const dying = process;
      if (dying === null) return;
      if (death.isPowerCut) dying.watched?.expectPowerCut();
      dying.expected = death;
      if (death.where === 'call') dying.own.endAfter(death.after, () => die(dying));
    },
    finish() {
      if (process !== null) die(process);
    },
    close() {
      process?.own.end();
      process?.closeIndex();
      process = null;
    },
  };
}

const empty = new Map<string, Uint8Array>();

/** An index without anything in it: its tables take longer to make than to copy. */
function emptyIndex(traits: VolumeTraits): Uint8Array {
  const key = JSON.stringify(traits.nameRules);
  let bytes = empty.get(key);
  if (bytes === undefined) {
    const index = openIndex(':memory:', { rules: traits.nameRules, isDiverged, cacheBytes });
    bytes = index.bytes();
    index.close();
    empty.set(key, bytes);
  }
  return bytes;
}
