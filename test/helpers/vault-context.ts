import type { ChunkThreads } from '../../src/app/seal/chunk-threads.ts';
import { contentCrypto } from '../../src/app/seal/content-crypto.ts';
import type { Clock } from '../../src/common/clock.ts';
import { type NodeId, newId, type ObjectId, type RevisionId, rootNode, type VaultId } from '../../src/common/ids.ts';
import { silentLogger } from '../../src/common/logger.ts';
import type { Index } from '../../src/db/index-port.ts';
import { openIndex } from '../../src/db/open-index.ts';
import type { CycleContext } from '../../src/engine/cycle-context.ts';
import { issueBook } from '../../src/engine/issue-book.ts';
import type { PositionPin } from '../../src/engine/log/standing.ts';
import { type AccountAccess, openVaultLog } from '../../src/engine/log/vault-log.ts';
import { recentDeletes } from '../../src/engine/loop/recent-deletes.ts';
import { restless } from '../../src/engine/observe/restless.ts';
import { openSelection } from '../../src/engine/selection/selection.ts';
import { openLeftOut } from '../../src/engine/status/left-out.ts';
import { chunkStore } from '../../src/engine/transfer/chunk-store.ts';
import { objectSource } from '../../src/engine/transfer/object-source.ts';
import { semaphore } from '../../src/engine/transfer/semaphore.ts';
import { transferMeter } from '../../src/engine/transfer/transfer-meter.ts';
import { noWork } from '../../src/engine/work-done.ts';
import type { FileSystem } from '../../src/local/file-system.ts';
import type { Operation } from '../../src/model/operation.ts';
import { isDiverged } from '../../src/plan/diverged.ts';
import type { VaultApi } from '../../src/remote/storage-api.ts';
import { packManifest } from '../../src/vault/manifest-pages.ts';
import { newVault } from '../../src/vault/new-vault.ts';
import { retainedOf } from '../../src/vault/object-lists.ts';
import { type Draft, splitOperations } from '../../src/vault/split-operations.ts';
import { type MemoryStorage, memoryStorage } from '../fakes/memory-storage.ts';
import { linuxRules } from '../fakes/memory-trees.ts';
import { seededRandom } from '../fakes/seeded-random.ts';
import { authorOf, testAccount } from '../fakes/vault-world.ts';
import { noPassage } from './no-passage.ts';
import { selectionInMemory } from './selection-in-memory.ts';

export const hourMs = 60 * 60_000;
export const dayMs = 24 * hourMs;

/** Time that moves only when told to; sleeping takes none. */
export interface HandClock extends Clock {
  time: number;
}

export function handClock(time = 1_700_000_000_000): HandClock {
  const clock: HandClock = {
    time,
    now: () => clock.time,
    monotonic: () => clock.time,
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  };
  return clock;
}

/** One device of a vault, without a folder: index, log and contents are real, the server is in memory. */
export interface VaultDevice {
  readonly context: CycleContext;
  readonly index: Index;
  readonly account: AccountAccess;
  readonly storage: VaultApi;
  readonly pin: { value: ReturnType<PositionPin['read']> };
  /** Appends operations, the objects of their manifests retained as far as nothing kept holds them. */
  append(...operations: readonly Operation[]): Promise<void>;
  folder(name: string, parent?: NodeId): Promise<NodeId>;
  file(name: string, content: string | Uint8Array, parent?: NodeId): Promise<NodeId>;
  edit(node: NodeId, content: string | Uint8Array): Promise<RevisionId>;
}

export interface VaultContextWorld {
  readonly storage: MemoryStorage;
  readonly vault: VaultId;
  readonly clock: HandClock;
  /** By number; 0 and 1 are members. `pin`: of a device that lost its index. */
  device(number: number, pin?: ReturnType<PositionPin['read']>): VaultDevice;
  /** The same with a server elsewhere and the index in a file. */
  deviceAt(number: number, storage: VaultApi, indexFile: string, pin?: ReturnType<PositionPin['read']>): VaultDevice;
}

export function vaultContextWorld(
  seed: number | string = 1,
  fs: Partial<FileSystem> = {},
  threads: ChunkThreads | null = null,
): VaultContextWorld {
  const random = seededRandom(seed);
  const storage = memoryStorage();
  const clock = handClock();
  const alone = testAccount(random, 2);
  const made = newVault(alone.keys, authorOf(alone), 'Test', clock.now() * 1000, random);
  const account = { ...alone, chain: made.chain };
  storage.addVault(made.vault, { ...made.genesis.raw, retained: [], released: [] }, made.grants);
  const inMemory = storage.api as unknown as VaultApi;
  return {
    storage,
    vault: made.vault,
    clock,
    device: (number, lastPin = null) => deviceAt(number, inMemory, ':memory:', lastPin),
    deviceAt,
  };

  function deviceAt(number: number, api: VaultApi, indexFile: string, lastPin: ReturnType<PositionPin['read']> = null) {
    const index = openIndex(indexFile, { rules: linuxRules, isDiverged });
    const author = () => authorOf(account, number);
    const access: AccountAccess = {
      keys: account.keys,
      author,
      refresh: async () => author(),
      refreshIfDue: async () => undefined,
    };
    const pin = { value: lastPin };
    const log = openVaultLog({
      vault: made.vault,
      index,
      storage: api,
      account: access,
      pin: {
        read: () => pin.value,
        write: (value) => {
          pin.value = value;
        },
      },
      contentCrypto: (ring) => contentCrypto(ring, random, threads),
      clock,
      random,
      logger: silentLogger,
    });
    const { signal } = new AbortController();
    const limits = {
      vault: made.vault,
      clock,
      maxRequests: 2,
      mostRequests: 2,
      roundTrip: () => 0,
      maxBatchBytes: 1e6,
      maxBatchCount: 100,
      signal: () => signal,
    };
    const noFiles = {
      listTrash: async () => [],
      trashBatches: async () => [],
      expireTrash: async () => 0,
      stat: async () => null,
      ...fs,
    };
    let content: CycleContext['content'] | null = null;
    const context: CycleContext = {
      local: {
        index,
        fs: noFiles as unknown as FileSystem,
        traits: {
          nameRules: linuxRules,
          hasExecBit: true,
          mtimeStepUs: 1,
          hasStableIds: true,
          isLocal: true,
        },
        clock,
        random,
        logger: silentLogger,
        ignore: {
          isIgnored: (path) => path.endsWith('.tmp'),
          isRegrowing: () => false,
          readRoot: async () => never(),
          update: async () => never(),
          version: () => 0,
          unlisted: () => undefined,
          gone: () => false,
          moved: () => undefined,
          unknownAbove: () => null,
          isJudged: () => true,
        },
      },
      onObserved: () => undefined,
      log,
      pull: async () => void (await log.pull(signal)),
      get content() {
        const { crypto } = log;
        content ??= {
          crypto,
          store: chunkStore({ ...limits, index, crypto, storage: api, onSending: noPassage }),
          source: objectSource({ ...limits, storage: api }),
          sourceAside: objectSource({ ...limits, storage: api }),
          memoryUp: semaphore(1e8),
          memoryDelta: semaphore(1e8),
          memoryDown: semaphore(1e8),
          turnDown: semaphore(1),
          filesUp: semaphore(10),
          filesDown: semaphore(10),
        };
        return content;
      },
      issues: issueBook(index, clock),
      selection: openSelection(selectionInMemory()),
      restless: restless(clock, () => false),
      recentDeletes: recentDeletes(clock),
      leftOut: openLeftOut(index, issueBook(index, clock)),
      up: transferMeter(clock, () => undefined),
      down: transferMeter(clock, () => undefined),
      work: noWork(),
      onConflict: () => undefined,
      deviceName: `device ${number}`,
      news: { isThere: () => false, listen: () => () => undefined },
      leaveAfterMs: 1000,
      signal,
      newNodesInPlan: 2500,
      smallBytes: 128 * 1024,
      isStopping: () => false,
    };
    return deviceOn(context, access, api, pin);
  }
}

const never = (): never => {
  throw new Error('there is no folder');
};

function deviceOn(
  context: CycleContext,
  account: AccountAccess,
  storage: VaultApi,
  pin: VaultDevice['pin'],
): VaultDevice {
  const { index, random, clock } = context.local;
  const { log, signal } = context;

  const appendDrafts = async (drafts: readonly Draft[], after: () => void = () => undefined): Promise<void> => {
    for (const entry of splitOperations(drafts)) {
      const result = await log.append(entry, { signal, onApplied: after });
      if (result.status !== 'done') throw new Error(`the append was ${result.status}`);
    }
  };

  const contentOf = async (node: NodeId, content: string | Uint8Array) => {
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
    const { store } = context.content;
    const stored = [];
    const size = bytes.length > 32 ? Math.ceil(bytes.length / 20) : 16;
    for (let at = 0; at < bytes.length; at += size) stored.push(await store.store(bytes.slice(at, at + size), 0));
    const { manifest, pages } = packManifest(
      {
        node,
        revision: newId<RevisionId>(random),
        mtimeUs: clock.now() * 1000,
        exec: false,
        chunks: stored.map((each) => each.ref),
      },
      random,
    );
    await Promise.all(pages.map((page) => store.storePage(page)));
    const objects: ObjectId[] = [...stored.map((each) => each.ref.objectId), ...pages.map((page) => page.objectId)];
    const retained = retainedOf(objects, (id) => index.read.chunkByObject(id)?.isReferenced ?? false);
    // As an upload does: by this list the index knows what a release sets free.
    const hashes = stored.map((each) => each.hash);
    const remember = () =>
      index.transaction((write) => {
        write.setChunksReferenced(objects, true);
        if (hashes.length > 1) write.setRevisionChunks(manifest.revision, hashes);
      });
    return { manifest, retained, remember };
  };

  return {
    context,
    index,
    account,
    storage,
    pin,
    append: (...operations) => appendDrafts(operations.map((operation) => ({ operation, retained: [], released: [] }))),
    async folder(name, parent = rootNode) {
      const node = newId<NodeId>(random);
      const operation = { type: 'create-folder', node, parent, name } as const;
      await appendDrafts([{ operation, retained: [], released: [] }]);
      return node;
    },
    async file(name, content, parent = rootNode) {
      const node = newId<NodeId>(random);
      const { manifest, retained, remember } = await contentOf(node, content);
      const operation = { type: 'create-file', node, parent, name, manifest } as const;
      await appendDrafts([{ operation, retained, released: [] }], remember);
      return node;
    },
    async edit(node, content) {
      const { manifest, retained, remember } = await contentOf(node, content);
      await appendDrafts([{ operation: { type: 'revise', node, manifest }, retained, released: [] }], remember);
      return manifest.revision;
    },
  };
}
