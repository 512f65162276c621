import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { contentCrypto } from '../../src/app/seal/content-crypto.ts';
import { systemClock } from '../../src/app/system-clock.ts';
import type { Clock } from '../../src/common/clock.ts';
import { must } from '../../src/common/errors.ts';
import { newId, type PairId, type VaultId } from '../../src/common/ids.ts';
import { silentLogger } from '../../src/common/logger.ts';
import { systemRandom } from '../../src/crypto/random.ts';
import type { Index } from '../../src/db/index-port.ts';
import { openIndex } from '../../src/db/open-index.ts';
import { openPair } from '../../src/engine/open-pair.ts';
import type { Pair } from '../../src/engine/pair.ts';
import type { SelectionStore } from '../../src/engine/selection/selection.ts';
import type { Disk } from '../../src/local/disk.ts';
import type { FileSystem } from '../../src/local/file-system.ts';
import { makeIgnoreRules } from '../../src/local/ignore-rules.ts';
import { makeNativeWatcher } from '../../src/local/native-watcher.ts';
import { nodeDisk } from '../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../src/local/node-file-system.ts';
import { isDiverged } from '../../src/plan/diverged.ts';
import type { StorageApi } from '../../src/remote/storage-api.ts';
import { newDeviceKeys } from '../../src/vault/account-keys.ts';
import { addDevice } from '../../src/vault/account-steps.ts';
import type { Author } from '../../src/vault/author.ts';
import { newVault } from '../../src/vault/new-vault.ts';
import { type MemoryStorage, memoryStorage } from '../fakes/memory-storage.ts';
import { authorOf, testAccount } from '../fakes/vault-world.ts';
import { appThreads } from './app-threads.ts';
import { selectionInMemory } from './selection-in-memory.ts';
import { tempFolder } from './temp.ts';

export interface WorldDevice {
  readonly name: string;
  readonly folder: string;
  readonly pair: Pair;
  readonly index: Index;
  /** Closes the pair and opens it again on the same state. */
  restart(): Promise<WorldDevice>;
  /** As `restart`, with the index lost. */
  restartWithoutIndex(): Promise<WorldDevice>;
}

/** One account with a vault on an in-memory server, and devices with real folders and real indexes, in this process. */
export interface SyncWorld {
  readonly storage: MemoryStorage;
  readonly vault: VaultId;
  device(name: string): Promise<WorldDevice>;
  close(): Promise<void>;
}

/**
 * `disk`: what the devices' folders are on, if not the real disk itself; `through`: what a device of that name sees of it.
 * `clock`: the devices' clock, if not the system's.
 */
export async function syncWorld({
  disk = nodeDisk,
  through = (fs) => fs,
  clock = systemClock,
}: {
  readonly disk?: Disk;
  readonly through?: (fs: FileSystem, device: string) => FileSystem;
  readonly clock?: Clock;
} = {}): Promise<SyncWorld> {
  const random = systemRandom;
  const storage = memoryStorage();
  const account = testAccount(random, 1);
  let chain = account.chain;
  const founder = authorOf(account);
  const made = newVault(account.keys, founder, 'Test', Date.now() * 1000, random);
  chain = made.chain;
  storage.addVault(made.vault, { ...made.genesis.raw, retained: [], released: [] }, made.grants);
  const open: Pair[] = [];
  const selections = new Map<string, SelectionStore>();

  const openDevice = async (
    name: string,
    author: () => Author,
    folder: string,
    state: string,
  ): Promise<WorldDevice> => {
    const fs = through(openNodeFileSystem(folder, { disk }), name);
    const traits = await fs.probeVolume();
    const index = openIndex(join(state, 'index.db'), { rules: traits.nameRules, isDiverged });
    let pinned: { seq: number; head: string } | null = null;
    const pair = openPair({
      pair: ids.get(state) ?? newId<PairId>(random),
      vault: made.vault,
      folder,
      index,
      fs,
      traits,
      ignore: makeIgnoreRules(),
      makeWatcher: (options) => makeNativeWatcher(folder, options),
      storage: storage.api as unknown as StorageApi,
      account: { keys: account.keys, author, refresh: async () => author(), refreshIfDue: async () => undefined },
      pin: {
        read: () => pinned,
        write: (pin) => {
          pinned = pin;
        },
      },
      selection: selections.get(folder) ?? must(selections.set(folder, selectionInMemory()).get(folder)),
      contentCrypto: (ring) => contentCrypto(ring, random, appThreads),
      deviceName: name,
      deviceNameOf: () => name,
      clock,
      random,
      logger: silentLogger,
    });
    open.push(pair);
    const reopen = async (how: () => void): Promise<WorldDevice> => {
      await pair.close();
      open.splice(open.indexOf(pair), 1);
      how();
      return openDevice(name, author, folder, state);
    };
    return {
      name,
      folder,
      pair,
      index,
      restart: () => reopen(() => undefined),
      restartWithoutIndex: async () => {
        const fresh = await tempFolder('state');
        ids.set(fresh, ids.get(state) as PairId);
        await pair.close();
        open.splice(open.indexOf(pair), 1);
        return openDevice(name, author, folder, fresh);
      },
    };
  };
  const ids = new Map<string, PairId>();

  return {
    storage,
    vault: made.vault,
    async device(name) {
      const keys = newDeviceKeys(random);
      const step = addDevice(account.keys, chain, keys, name, Date.now() * 1000, random);
      chain = step.chain;
      const author = (): Author => ({
        account: account.keys.account,
        device: keys.device,
        signing: keys.signing,
        chain,
      });
      const base = await tempFolder(name);
      const folder = join(base, 'folder');
      const state = join(base, 'state');
      mkdirSync(folder);
      mkdirSync(state);
      ids.set(state, newId<PairId>(random));
      return openDevice(name, author, folder, state);
    },
    async close() {
      for (const pair of open) await pair.close();
    },
  };
}
