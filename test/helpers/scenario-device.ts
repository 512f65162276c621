import { copyFileSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountSession } from '../../src/app/account/account-session.ts';
import { contentCrypto } from '../../src/app/seal/content-crypto.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import { newId, type PairId, type VaultId } from '../../src/common/ids.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import type { Index } from '../../src/db/index-port.ts';
import { openIndex } from '../../src/db/open-index.ts';
import type { LoopTimes } from '../../src/engine/loop/loop-times.ts';
import { openPair } from '../../src/engine/open-pair.ts';
import type { Pair } from '../../src/engine/pair.ts';
import type { ContentCrypto } from '../../src/engine/transfer/content-crypto.ts';
import type { FileSystem, VolumeTraits } from '../../src/local/file-system.ts';
import { makeIgnoreRules } from '../../src/local/ignore-rules.ts';
import { makeNativeWatcher } from '../../src/local/native-watcher.ts';
import { openNodeFileSystem } from '../../src/local/node-file-system.ts';
import type { Watcher } from '../../src/local/watcher.ts';
import type { SyncResult } from '../../src/model/status.ts';
import { isDiverged } from '../../src/plan/diverged.ts';
import { appThreads } from './app-threads.ts';
import { eventually } from './eventually.ts';
import { type Faults, faults } from './scenario-faults.ts';
import { type Files, filesIn, readTreeOf, type Tree } from './scenario-files.ts';
import { selectionInMemory } from './selection-in-memory.ts';
import { tempFolder } from './temp.ts';

/** How a device differs from a plain one. */
export interface DeviceSetup {
  /** A folder to sync instead of a new one. */
  readonly folder?: string;
  readonly traits?: (found: VolumeTraits) => VolumeTraits;
  readonly disk?: (fs: FileSystem) => FileSystem;
  readonly times?: Partial<LoopTimes>;
  readonly newNodesInPlan?: number;
  /** In place of the system's own; null: its events never arrive. */
  readonly watcher?: typeof makeNativeWatcher | null;
  /** As after the disk of a computer was copied: another one's pair, and a copy of its closed index. */
  readonly copyOf?: { readonly pair: PairId; readonly index: string };
}

/** Starts, and hears nothing. */
const deafWatcher = (): Watcher => ({
  unwatched: new Set(),
  watchCount: 0,
  start: async () => undefined,
  follow: () => undefined,
  retry: () => undefined,
  close: async () => undefined,
});

/** A running pair: what exists of a device while its process lives. */
export interface Running {
  readonly pair: Pair;
  readonly index: Index;
  readonly faults: Faults;
  /** Known once the vault's first entry was opened. */
  crypto(): ContentCrypto | null;
}

/** One device's folder pair with a vault, over a real folder, a real index and the real server. */
export interface ScenarioDevice {
  readonly name: string;
  readonly vault: VaultId;
  readonly files: Files;
  readonly session: AccountSession;
  readonly pair: PairId;
  /** Where its index is until it is lost. */
  readonly indexFile: string;
  /** Throws if it is closed. */
  readonly now: Running;
  readonly isOpen: boolean;
  /** Contents that were in its folder when a sync of it settled, or a file in it was known to be watched. */
  readonly secured: ReadonlySet<string>;
  open(): Promise<void>;
  close(): Promise<void>;
  /** The process ends at once, without any goodbye; the next `open` finds what it left. */
  kill(): Promise<void>;
  /** The index is gone when it is opened next. */
  loseIndex(): Promise<void>;
  /** One run by command. Opens it if need be. */
  sync(): Promise<SyncResult>;
  /** Like `sync`, but the process ends around the `call`th call to disk or server. Says whether it got that far. */
  syncUntilDeath(call: number): Promise<boolean>;
  /** Watches from now on, as the daemon does. */
  start(): Promise<void>;
  /** Until the watching pair says that it is up to date, and its folder is what it knows the vault to hold. */
  quiet(): Promise<void>;
  /** Throws unless that is what its status says. */
  expectUpToDate(): Promise<void>;
  hint(seq: number): void;
  /** Ids of the vault's nodes by path. */
  ids(): Promise<Readonly<Record<string, string>>>;
  /** The vault as this device has verified it: paths, sizes of files. */
  vaultTree(): Promise<Record<string, number>>;
}

export async function scenarioDevice(
  name: string,
  session: AccountSession,
  vault: VaultId,
  setup: DeviceSetup = {},
): Promise<ScenarioDevice> {
  const folder = setup.folder ?? join(await tempFolder('device'), 'folder');
  mkdirSync(folder, { recursive: true });
  const files = filesIn(folder);
  const pairId = setup.copyOf?.pair ?? newId<PairId>(systemRandom);
  const secured = new Set<string>();
  const selection = selectionInMemory();
  // It serves for as long as the vault has one epoch; an opened pair makes its own when it first needs one.
  let crypto: ContentCrypto | null = null;
  let state = await tempFolder('state');
  if (setup.copyOf !== undefined) copyFileSync(setup.copyOf.index, `${state}/index.db`);
  let pinned: { seq: number; head: string } | null = null;
  let running: (Running & { readonly closeWatcher: () => Promise<void> }) | null = null;

  const open = async (): Promise<void> => {
    if (running !== null) return;
    const around = faults();
    const fs = openNodeFileSystem(folder);
    const found = await fs.probeVolume();
    const traits = setup.traits?.(found) ?? found;
    const index = openIndex(`${state}/index.db`, { rules: traits.nameRules, isDiverged });
    const disk = around.disk(setup.disk?.(fs) ?? fs);
    let closeWatcher = async (): Promise<void> => undefined;
    const pair = openPair({
      pair: pairId,
      vault,
      folder,
      index,
      fs: disk,
      traits,
      ignore: makeIgnoreRules(),
      makeWatcher: (options) => {
        const watcher = setup.watcher === null ? deafWatcher() : (setup.watcher ?? makeNativeWatcher)(folder, options);
        closeWatcher = () => watcher.close();
        return watcher;
      },
      storage: around.storage(session.storage),
      account: session,
      pin: {
        read: () => pinned,
        write: (pin) => {
          pinned = { seq: pin.seq, head: pin.head };
        },
      },
      selection,
      contentCrypto: (ring) => {
        crypto = contentCrypto(ring, systemRandom, appThreads);
        return crypto;
      },
      deviceName: name,
      deviceNameOf: session.deviceNameOf,
      clock: systemClock,
      random: systemRandom,
      logger: silentLogger,
      ...(setup.times === undefined ? {} : { times: setup.times }),
      ...(setup.newNodesInPlan === undefined ? {} : { newNodesInPlan: setup.newNodesInPlan }),
    });
    running = { pair, index, faults: around, crypto: () => crypto, closeWatcher: () => closeWatcher() };
  };

  const now = (): Running => {
    if (running === null) throw new Error(`${name} is closed`);
    return running;
  };

  const contents = (tree: Tree): string[] =>
    Object.entries(tree)
      .filter(([path, content]) => !path.endsWith('/') && content !== '')
      .map(([, content]) => content.replace(/ \+x$/, ''));

  const secure = (tree: Tree): void => {
    for (const content of contents(tree)) secured.add(content);
  };

  const kill = async (): Promise<void> => {
    const dying = running;
    if (dying === null) return;
    running = null;
    await dying.faults.die();
    await dying.closeWatcher();
    dying.index.close();
  };

  const list = () => now().pair.list('', { isRecursive: true, withDeleted: false });

  /** Sizes and times, so that a save that is not noticed yet shows. */
  const vaultStats = async (): Promise<Record<string, string>> =>
    sorted(
      (await list()).map(({ path, kind, size, mtimeUs }) =>
        kind === 'folder' ? [`${path}/`, ''] : [path, `${size} ${mtimeUs}`],
      ),
    );

  const vaultTree = async (): Promise<Record<string, number>> => {
    return sorted((await list()).map(({ path, kind, size }) => (kind === 'folder' ? [`${path}/`, 0] : [path, size])));
  };

  const expectUpToDate = async (): Promise<void> => {
    const { state, message } = now().pair.status();
    if (state === 'up-to-date') return;
    const issues = (await now().pair.issues()).map((issue) => `${issue.path ?? ''} ${issue.kind}: ${issue.message}`);
    throw new Error([`${name} is ${state}: ${message}`, ...issues].join('; '));
  };

  return {
    name,
    vault,
    files,
    session,
    secured,
    pair: pairId,
    get indexFile() {
      return `${state}/index.db`;
    },
    get now() {
      return now();
    },
    get isOpen() {
      return running !== null;
    },
    open,
    async close() {
      const closing = running;
      running = null;
      await closing?.pair.close();
    },
    kill,
    async loseIndex() {
      const closing = running;
      running = null;
      await closing?.pair.close();
      state = await tempFolder('state');
    },
    async sync() {
      await open();
      const before = readTreeOf(folder);
      const result = await now().pair.sync();
      if (result.isConverged) secure(before);
      return result;
    },
    async syncUntilDeath(call) {
      await open();
      const { pair, faults: around } = now();
      const death = around.dieAfter(call).then(() => true);
      const end = pair.sync().then(() => false);
      // What is left of an ended process fails in the void.
      end.catch(() => undefined);
      const isDead = await Promise.race([end, death]);
      await kill();
      return isDead;
    },
    async start() {
      await open();
      await now().pair.start();
    },
    async quiet() {
      const { pair } = now();
      await eventually(
        async () => {
          await expectUpToDate();
          const disk = statsIn(folder);
          const known = JSON.stringify(await vaultStats());
          if (disk !== known) throw new Error(`${name} has ${disk}, but knows ${known}`);
          return true;
        },
        { what: `${name} to be up to date`, on: (wake) => pair.onStatus(wake) },
      );
      secure(readTreeOf(folder));
    },
    async ids() {
      return Object.fromEntries((await list()).map(({ path, node }) => [path, node]));
    },
    expectUpToDate,
    hint: (seq) => running?.pair.hint(seq),
    vaultTree,
  };
}

const sorted = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

function statsIn(folder: string): string {
  const stats = Object.keys(readTreeOf(folder)).map((path): [string, string] => {
    if (path.endsWith('/')) return [path, ''];
    const { size, mtimeMs } = statSync(join(folder, path));
    // As the disk layer reads them.
    return [path, `${size} ${Math.round(mtimeMs * 1000)}`];
  });
  return JSON.stringify(sorted(stats));
}
