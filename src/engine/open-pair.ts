import type { Clock } from '../common/clock.ts';
import { HoldfastError } from '../common/errors.ts';
import type { DeviceId, PairId, Random, VaultId } from '../common/ids.ts';
import type { Logger } from '../common/logger.ts';
import { rootPath } from '../common/relative-path.ts';
import type { Index } from '../db/index-port.ts';
import type { FileSystem, VolumeTraits } from '../local/file-system.ts';
import type { IgnoreRules } from '../local/ignore-rules.ts';
import type { Watcher, WatcherOptions } from '../local/watcher.ts';
import type { PairStatus } from '../model/status.ts';
import { isDiverged } from '../plan/diverged.ts';
import type { StorageApi } from '../remote/storage-api.ts';
import type { KeyRing } from '../vault/key-ring.ts';
import { emptyDraft, needsRotation } from '../vault/seal-entry.ts';
import { listActivity } from './activity.ts';
import { endWaits, isDue } from './block-failed.ts';
import { bootstrapFromCheckpoint, bootstrappingKey, writeCheckpointIfDue } from './checkpointing.ts';
import { chunkStore } from './chunk-store.ts';
import type { ContentCrypto } from './content-crypto.ts';
import { copyOut, findContent } from './copy-out.ts';
import { observe, type Pending, runCycle } from './cycle.ts';
import type { ContentMover, CycleContext } from './cycle-context.ts';
import { listHeld, resolveHeld } from './held-deletes.ts';
import { issueBook } from './issue-book.ts';
import { listTrash } from './list-trash.ts';
import { listVault } from './list-vault.ts';
import { objectSource } from './object-source.ts';
import type { Pair } from './pair.ts';
import { defaultTimes, type LoopTimes, pairLoop } from './pair-loop.ts';
import { pairState } from './pair-state.ts';
import { preview } from './preview.ts';
import { restless } from './restless.ts';
import { restore } from './restore.ts';
import { pruneHistory } from './retention.ts';
import { rootKeeper } from './root-check.ts';
import { chooseNode, listDeselected } from './select-nodes.ts';
import { openSelection, type SelectionStore, withoutDeselected } from './selection.ts';
import { semaphore } from './semaphore.ts';
import { transferMeter } from './transfer-meter.ts';
import { undo } from './undo.ts';
import { dismiss } from './unsynced-issues.ts';
import { type AccountAccess, openVaultLog, type PositionPin } from './vault-log.ts';
import { verify } from './verify.ts';
import { listVersions } from './versions.ts';
import { explain } from './why.ts';

export interface PairOptions {
  readonly pair: PairId;
  readonly vault: VaultId;
  /** Absolute, for people. */
  readonly folder: string;
  readonly index: Index;
  readonly fs: FileSystem;
  readonly traits: VolumeTraits;
  readonly ignore: IgnoreRules;
  /** Made by `start`. */
  readonly makeWatcher: (options: WatcherOptions) => Watcher;
  readonly storage: StorageApi;
  readonly account: AccountAccess;
  readonly pin: PositionPin;
  readonly selection: SelectionStore;
  readonly contentCrypto: (ring: KeyRing) => ContentCrypto;
  readonly deviceName: string;
  readonly deviceNameOf: (device: DeviceId) => string;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly times?: Partial<LoopTimes>;
}

const mib = 1024 * 1024;
const budgets = {
  memoryUp: 16 * mib,
  memoryDown: 32 * mib,
  filesUp: 384,
  filesDown: 192,
  requests: 3,
  batchBytes: 2 * mib,
  batchCount: 256,
};
/** Status listeners hear at most this often, in milliseconds. */
const statusEvery = 200;

/**
 * Opens a pair over its parts. Nothing is observed or sent yet. Throws `corrupt` for an index to be moved aside and made
 * anew (nothing is lost by that), `version` for a newer one.
 */
export function openPair(options: PairOptions): Pair {
  const { index, fs, traits, storage, clock, random, logger, vault } = options;
  const read = index.read;
  if (read.meta(bootstrappingKey) === true) throw new HoldfastError('corrupt', 'The index was left unfinished.');
  const closing = new AbortController();
  const { signal } = closing;
  const log = openVaultLog({
    vault,
    index,
    storage,
    account: options.account,
    pin: options.pin,
    contentCrypto: options.contentCrypto,
    clock,
    random,
    logger,
  });
  const issues = issueBook(index, clock);
  const selection = openSelection(options.selection);
  const ignore = withoutDeselected(options.ignore, selection);
  const root = rootKeeper({ index, fs, clock, pair: options.pair, vault });
  const listeners = new Set<(status: PairStatus) => void>();
  let serverSeq = 0;
  let watcher: Watcher | null = null;
  let isDeaf = false;
  let isNotifying = false;
  let notifying: Promise<void> = Promise.resolve();

  const notify = (): void => {
    if (isNotifying || listeners.size === 0) return;
    isNotifying = true;
    notifying = clock.sleep(statusEvery, signal).then(() => {
      isNotifying = false;
      const status = makeStatus();
      for (const listener of listeners) listener(status);
    });
  };

  const up = transferMeter(clock, notify);
  const down = transferMeter(clock, notify);

  // The crypto of a vault is known once its first entry was opened.
  let mover: ContentMover | null = null;
  const content = (): ContentMover => {
    const crypto = log.crypto;
    if (mover === null || mover.crypto !== crypto) {
      const limits = {
        vault,
        maxRequests: budgets.requests,
        maxBatchBytes: budgets.batchBytes,
        maxBatchCount: budgets.batchCount,
        signal,
        clock,
      };
      mover = {
        crypto,
        store: chunkStore({ ...limits, index, crypto, storage, onSent: (bytes) => up.moved(bytes) }),
        source: objectSource({ ...limits, storage, onReceived: () => undefined }),
        memoryUp: semaphore(budgets.memoryUp),
        memoryDown: semaphore(budgets.memoryDown),
        filesUp: semaphore(budgets.filesUp),
        filesDown: semaphore(budgets.filesDown),
      };
    }
    return mover;
  };

  const pull = async (): Promise<void> => {
    if (log.position.seq === 0)
      await bootstrapFromCheckpoint({ index, log, storage, account: options.account, signal, logger });
    await log.pull(signal);
  };

  const context: CycleContext = {
    local: { index, fs, traits, clock, random, logger, ignore },
    log,
    pull,
    get content() {
      return content();
    },
    issues,
    selection,
    restless: restless(clock, () => loop.isStarted),
    up,
    down,
    deviceName: options.deviceName,
    signal,
    isStopping: () => loop.isStopping(),
  };

  /** What a round could not bring back, for the process died, the root went or the disk failed, would count as deleted. */
  const prepare = async (): Promise<void> => {
    await root.check();
    await fs.recoverStage();
  };

  /** After a device was revoked nothing may be sealed to it any more: a new epoch begins at once (F-EPOCH-4). */
  const rotateIfDue = async (): Promise<void> => {
    for (let tries = 0; tries < 5 && needsRotation(log.position, options.account.author().chain); tries++) {
      await log.append(emptyDraft, { signal, onApplied: () => undefined });
    }
  };

  /** A watcher that ended for good, as when its disk went, is followed by another one once the folder is back. */
  const watch = async (): Promise<void> => {
    await watcher?.close();
    if (signal.aborted) return;
    isDeaf = false;
    watcher = options.makeWatcher({
      onHint: (hint) => {
        if (hint.type === 'failed') isDeaf = true;
        loop.watchHint(hint);
      },
      isIgnored: (folder) => folder !== rootPath && ignore.isIgnored(folder, true),
    });
    try {
      await watcher.start();
    } catch (error) {
      // Without a root there is nothing to watch; the loop finds out and says so.
      if (!(error instanceof HoldfastError)) throw error;
      isDeaf = true;
      logger.log('warn', 'the folder cannot be watched', { reason: error.reason });
    }
  };

  const cycle = async (pending: Pending) => {
    await prepare();
    if (isDeaf && !signal.aborted) {
      await watch();
      // What changed meanwhile nobody told.
      pending.local = 'all';
    }
    const result = await runCycle(context, pending);
    if (result.isSettled && result.restless === null && !loop.isStopping()) {
      await rotateIfDue();
      await writeCheckpointIfDue(context, storage);
      await pruneHistory(context);
    }
    return result;
  };

  const loop = pairLoop({
    clock,
    random,
    logger,
    times: {
      ...defaultTimes,
      unsettledMs: Math.max(defaultTimes.unsettledMs, traits.mtimeStepUs / 1000),
      ...options.times,
    },
    cycle: async (pending) => {
      try {
        const result = await cycle(pending);
        root.ok(issues);
        return result;
      } catch (error) {
        if (error instanceof HoldfastError) root.note(issues, error);
        throw error;
      }
    },
    totals: () => ({
      filesUp: up.totals.files,
      bytesUp: up.totals.bytes,
      filesDown: down.totals.files,
      bytesDown: down.totals.bytes,
    }),
    counts: () => ({
      held: heldCount(),
      issues: issues.openCount,
      diverged: read.counts().diverged - ignoredCount() + blockedCount(),
    }),
    nextRetryAt: () => {
      for (const row of read.blockedNodes()) return isDue(row, clock.now()) ? clock.now() : row.retryAt;
      return null;
    },
    isBlind: () => !traits.isLocal || (watcher?.unwatched.size ?? 0) > 0,
    onChange: notify,
  });

  const heldCount = (): number =>
    issues
      .all()
      .filter((issue) => issue.kind === 'held-deletes')
      .reduce((sum, issue) => sum + ((issue as { details?: { nodes?: unknown[] } }).details?.nodes?.length ?? 0), 0);

  /** What is diverged but ignored, held or blocked is no work that waits. */
  const ignoredCount = (): number => (loop.lastError === null && !loop.isPending ? read.counts().diverged : 0);

  /** Nodes that wait after a failure. They hold up nothing, but they are not synced. */
  const blockedCount = (): number => {
    let count = 0;
    for (const { node } of read.blockedNodes()) {
      if (isDiverged(read.local(node), read.remote(node), read.synced(node))) count++;
    }
    return count;
  };

  const makeStatus = (): PairStatus => {
    const counts = read.counts();
    const held = heldCount();
    const { state, message } = pairState({
      isFrozen: log.position.frozen !== null,
      rootProblem: root.problem,
      isPaused: loop.isPaused,
      activity: loop.activity,
      lastError: loop.lastError,
      openIssues: issues.openCount,
      diverged: Math.max(0, counts.diverged - ignoredCount()),
      unwatched: watcher?.unwatched.size ?? 0,
      isPending: loop.isPending,
      isRestless: loop.isRestless,
      isObserved: loop.isObserved,
      isBehind: serverSeq > log.position.seq,
    });
    return {
      pair: options.pair,
      vault,
      vaultName: log.position.name,
      folder: options.folder,
      state,
      message,
      up: up.progress(),
      down: down.progress(),
      pending: counts.diverged,
      held,
      issues: issues.openCount,
      files: counts.syncedFiles,
      folders: counts.syncedFolders,
      seq: log.position.seq,
      serverSeq: Math.max(serverSeq, log.position.seq),
      lastSyncedAt: loop.lastSettledAt,
    };
  };

  /** Between cycles: what it brought waits for the next one, which is not to wait for a hint or a timer. */
  const pullAside = async (): Promise<void> => {
    const { seq } = log.position;
    try {
      await pull();
    } finally {
      if (log.position.seq > seq) loop.wake();
    }
  };

  /** A command that changes the vault: the cycle after it brings the folder in line. */
  const change = async <T>(task: () => Promise<T>): Promise<T> => {
    const result = await loop.command(async () => {
      await pullAside();
      return task();
    });
    loop.wake();
    return result;
  };

  /** Shows the vault as new as the server has it or, without a server, as it was seen last. */
  const looking = <T>(task: () => Promise<T> | T): Promise<T> =>
    loop.command(async () => {
      try {
        await pullAside();
      } catch (error) {
        const isBearable = error instanceof HoldfastError && (error.kind === 'offline' || log.position.frozen !== null);
        if (!isBearable) throw error;
      }
      return task();
    });

  const observed = <T>(task: () => Promise<T>): Promise<T> =>
    loop.command(async () => {
      await prepare();
      await observe(context, { local: 'all', isRemoteDirty: true });
      if (read.counts().diverged > 0) loop.wake();
      return task();
    });

  return {
    status: makeStatus,
    onStatus(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      await watch();
      loop.start();
    },
    async sync({ isRetrying = false } = {}) {
      if (isRetrying) endWaits({ index, clock });
      return loop.sync();
    },
    hint(seq) {
      serverSeq = Math.max(serverSeq, seq);
      if (serverSeq > log.position.seq) loop.remoteHint();
    },
    lineChanged: () => loop.remoteHint(),
    pause: () => loop.pause(),
    resume: () => loop.resume(),
    async close() {
      closing.abort(new HoldfastError('offline', 'The pair is closing.', { reason: 'closing' }));
      await watcher?.close();
      await loop.close();
      await notifying;
      listeners.clear();
      index.close();
    },
    plan: ({ verbose }) => observed(async () => preview(context, { verbose })),
    list: (path, how) => looking(() => listVault(context, path, how)),
    versions: (path) => looking(() => listVersions(context, path, options.deviceNameOf)),
    restore: (path, { revision }) => change(() => restore(context, path, { revision })),
    undo: (batch) => change(() => undo(context, batch)),
    activity: (page) => looking(() => listActivity(context, page, options.deviceNameOf)),
    trash: () => looking(() => listTrash(context)),
    async setSelected(path, isSelected) {
      await looking(async () => {
        await prepare();
        await observe(context, { local: 'all', isRemoteDirty: false });
        await chooseNode(context, path, isSelected);
      });
      loop.wake();
    },
    deselected: () => looking(() => listDeselected(context)),
    issues: async () => issues.all(),
    held: async (page) => listHeld(issues, read, page),
    async copyOut(path, { revision }, sink) {
      const wanted = await looking(() => findContent(context, path, revision));
      return copyOut(context, wanted, sink);
    },
    async resolve(issue, choice) {
      await loop.command(() => resolveIssue(issue, choice));
      loop.wake();
    },
    why: (path) => loop.command(() => explain(context, toLocalPath(options.folder, path))),
    verify: ({ isDeep }) =>
      loop.command(async () => {
        await pullAside();
        return verify(context, storage, { isDeep });
      }),
  };

  function resolveIssue(id: string, choice: string): void {
    const issue = issues.find(id);
    if (issue === null) throw new HoldfastError('missing', `There is no issue ${id}.`);
    if (!issue.choices.includes(choice)) {
      throw new HoldfastError('usage', `The choices for this issue are: ${issue.choices.join(', ') || 'none'}.`);
    }
    if (choice === 'allow' || choice === 'restore')
      resolveHeld(index, issues, id === 'held:up' ? 'up' : 'down', choice);
    else if (choice === 'dismiss' && issue.path === null) issues.end(id);
    else if (choice === 'dismiss') dismiss(index, issues, id);
    else if (choice === 'retry' && issue.node !== null) {
      const { node } = issue;
      index.transaction((write) => write.removeBlocked(node));
      issues.end(id);
    }
  }
}

/** An absolute path inside the folder becomes relative to it; anything else is taken as a path of the vault. */
function toLocalPath(folder: string, path: string): string {
  if (path === folder) return '';
  const prefix = folder.endsWith('/') || folder.endsWith('\\') ? folder : `${folder}/`;
  const inside = path.startsWith(prefix) ? path.slice(prefix.length) : path;
  return inside.replaceAll('\\', folder.includes('\\') ? '/' : '\\').replace(/^\.?\/+/, '');
}
