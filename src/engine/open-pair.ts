import { HoldfastError } from '../common/errors.ts';
import type { LastConflict } from '../model/status.ts';
import { storedStop } from '../vault/freeze.ts';
import { emptyDraft, needsRotation } from '../vault/seal-entry.ts';
import type { ContentMover, CycleContext } from './cycle-context.ts';
import { isStillWanted } from './down/is-still-wanted.ts';
import { issueBook } from './issue-book.ts';
import { bootstrapFromCheckpoint, bootstrappingKey } from './log/bootstrap-from-checkpoint.ts';
import { pruneHistory } from './log/retention.ts';
import { openVaultLog } from './log/vault-log.ts';
import { writeCheckpointIfDue } from './log/write-checkpoint-if-due.ts';
import { endWaits, isDue } from './loop/block-failed.ts';
import { runCycle } from './loop/cycle.ts';
import { defaultTimes } from './loop/loop-times.ts';
import type { Pending } from './loop/observe.ts';
import { pairLoop } from './loop/pair-loop.ts';
import { pairWatch } from './loop/pair-watch.ts';
import { partSize } from './loop/part-size.ts';
import { recentDeletes } from './loop/recent-deletes.ts';
import { signOfLifeIfDue } from './loop/sign-of-life.ts';
import { restless } from './observe/restless.ts';
import { rootKeeper } from './observe/root-check.ts';
import type { Pair } from './pair.ts';
import { pairCommands } from './pair-commands.ts';
import type { PairOptions } from './pair-options.ts';
import { openSelection, withoutDeselected } from './selection/selection.ts';
import { openLeftOut } from './status/left-out.ts';
import { openCounts, pairStatus } from './status/pair-status.ts';
import { statusListeners } from './status/status-listeners.ts';
import { contentMover } from './transfer/content-mover.ts';
import { interruption } from './transfer/interruption.ts';
import { transferBudget } from './transfer/transfer-budget.ts';
import { transferMeter } from './transfer/transfer-meter.ts';
import { noWork } from './work-done.ts';

/**
 * Opens a pair over its parts. Nothing is observed or sent yet. Throws `corrupt` for an index to be moved aside and made
 * anew (nothing is lost by that), `version` for a newer one.
 */
export function openPair(options: PairOptions): Pair {
  const { account, index, fs, traits, storage, clock, random, logger, vault, budget = transferBudget() } = options;
  const read = index.read;
  if (read.meta(bootstrappingKey) === true) throw new HoldfastError('corrupt', 'The index was left unfinished.');
  const closing = new AbortController();
  const { signal } = closing;
  const log = openVaultLog({
    vault,
    index,
    storage,
    account,
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
  let serverSeq = 0;
  let pulledAt: number | null = null;
  let lastConflict: LastConflict | null = null;

  const listeners = statusListeners(clock, signal);
  const up = transferMeter(clock, listeners.notify);
  const down = transferMeter(clock, listeners.notify);

  const onLine = interruption(signal);
  // The crypto of a vault is known once its first entry was opened.
  let mover: ContentMover | null = null;
  const content = (): ContentMover => {
    const crypto = log.crypto;
    if (mover === null || mover.crypto !== crypto) {
      mover = contentMover(crypto, {
        ...{ vault, index, storage, budget, clock },
        onLine,
        closing: signal,
        onSending: up.setOut,
      });
    }
    return mover;
  };

  const pull = async (): Promise<void> => {
    if (log.position.seq === 0) await bootstrapFromCheckpoint({ index, log, storage, account, signal, logger });
    await log.pull(signal);
    pulledAt = clock.now();
    loop.heard();
  };

  const context: CycleContext = {
    local: { index, fs, traits, clock, random, logger, ignore },
    onObserved: () => {
      watch.follow();
      loop.observed();
    },
    log,
    pull,
    get content() {
      return content();
    },
    issues,
    selection,
    leftOut: openLeftOut(index, issues),
    restless: restless(clock, () => loop.isStarted),
    recentDeletes: recentDeletes(clock),
    up,
    down,
    work: noWork(),
    onConflict: (folder) => {
      lastConflict = { at: clock.now(), folder };
    },
    deviceName: options.deviceName,
    get newNodesInPlan() {
      return options.newNodesInPlan ?? partSize(storage.roundTrip());
    },
    smallBytes: options.smallBytes ?? 128 * 1024,
    news: { isThere: () => loop.isPending, listen: (listener) => loop.onPending(listener) },
    leaveAfterMs: options.times?.leaveAfterMs ?? defaultTimes.leaveAfterMs,
    signal,
    isStopping: () => loop.isStopping() || onLine.isThere,
  };

  /** What a round could not bring back, for the process died, the root went or the disk failed, would count as deleted. */
  const prepare = async (): Promise<void> => {
    await root.check();
    await fs.recoverStage((key) => isStillWanted(context, key));
  };

  /** After a device was revoked nothing may be sealed to it any more: a new epoch begins at once (F-EPOCH-4). */
  const rotateIfDue = async (): Promise<void> => {
    for (let tries = 0; tries < 5 && needsRotation(log.position, account.author().chain); tries++) {
      await log.append(emptyDraft, { signal, onApplied: () => undefined });
    }
  };

  const watch = pairWatch({
    makeWatcher: options.makeWatcher,
    ignore,
    logger,
    signal,
    onHint: (hint) => loop.watchHint(hint),
  });

  const cycle = async (pending: Pending) => {
    await prepare();
    if (watch.isDeaf && !signal.aborted) {
      await watch.begin();
      // What changed meanwhile nobody told.
      pending.local = 'all';
    }
    if (pending.local === 'all') watch.retry();
    const result = await runCycle(context, pending);
    if (result.isSettled && result.restless === null && !loop.isStopping()) {
      const { entriesHeard } = log;
      await rotateIfDue();
      await signOfLifeIfDue(context);
      await writeCheckpointIfDue(context, storage, options.checkpointEntries);
      await pruneHistory(context);
      // Others were first with one of these; what they wrote was in no plan.
      if (log.entriesHeard !== entriesHeard) pending.isRemoteDirty = true;
    }
    return result;
  };

  /** It is to be told also where the folder is gone, which ends each cycle, or nothing is looked at, since the pair is paused. */
  const noteStop = (): void => {
    const stop = storedStop(log.position);
    if (stop !== null) root.note(issues, stop);
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
        noteStop();
        throw error;
      } finally {
        onLine.over();
      }
    },
    interrupt: onLine.interrupt,
    totals: () => ({
      filesUp: up.totals.files,
      bytesUp: up.totals.bytes,
      filesDown: down.totals.files,
      bytesDown: down.totals.bytes,
      ...context.work,
    }),
    counts: () => openCounts({ context, loop }),
    nextRetryAt: () => {
      for (const row of read.blockedNodes()) return isDue(row, clock.now()) ? clock.now() : row.retryAt;
      return null;
    },
    isBlind: () => !traits.isLocal || watch.unwatched > 0,
    onChange: listeners.notify,
    onCommandFailed: noteStop,
  });

  return {
    status: () => pairStatus({ options, context, loop, root, watch, serverSeq, pulledAt, lastConflict }),
    onStatus: listeners.add,
    async start() {
      // What they leave out, a dependency folder say, may hold more folders than all else.
      await ignore.readRoot(fs);
      selection.follow(read);
      await watch.begin();
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
    lineChanged: () => loop.lineChanged(),
    pause: () => loop.pause(),
    resume: () => loop.resume(),
    async close() {
      closing.abort(new HoldfastError('offline', 'The pair is closing.', { reason: 'closing' }));
      await watch.close();
      await loop.close();
      await listeners.close();
      index.close();
    },
    ...pairCommands({ options, context, loop, root, prepare, rotateIfDue }),
  };
}
