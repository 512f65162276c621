import type { Clock } from '../common/clock.ts';
import { HoldfastError, isKind } from '../common/errors.ts';
import type { Random } from '../common/ids.ts';
import type { Logger } from '../common/logger.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { WatchHint } from '../local/watcher.ts';
import type { SyncResult } from '../model/status.ts';
import { backOffMs } from './back-off.ts';
import { type CycleResult, mergeScopes, type Pending } from './cycle.ts';
import { serial } from './serial.ts';

export interface LoopTimes {
  /** Watch hints within this time are looked at together. */
  readonly settleMs: number;
  /** Everything is listed again this often, for no watcher can promise that it lost nothing. */
  readonly rescanMs: number;
  /** The server is asked this often even if it hints at nothing. */
  readonly pollMs: number;
}

export const defaultTimes: LoopTimes = { settleMs: 15, rescanMs: 5 * 60_000, pollMs: 60_000 };

export interface LoopOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly times: LoopTimes;
  /** One observation with all its rounds. Rejects with why it had to end early. */
  readonly cycle: (pending: Pending) => Promise<CycleResult>;
  /** What a run of `sync` reports; the loop takes differences. */
  readonly totals: () => Omit<SyncResult, 'isConverged' | 'held' | 'issues' | 'operations' | 'conflicts'>;
  readonly counts: () => { readonly held: number; readonly issues: number; readonly diverged: number };
  /** When the next blocked node may be tried, wall milliseconds; null if none is. */
  readonly nextRetryAt: () => number | null;
  readonly onChange: () => void;
}

/** The one loop that owns a pair: hints, timers and commands come in, cycles run one at a time. */
export interface PairLoop {
  readonly activity: 'none' | 'scanning' | 'syncing';
  readonly lastError: HoldfastError | null;
  readonly isPaused: boolean;
  readonly isPending: boolean;
  readonly isObserved: boolean;
  readonly lastSettledAt: number | null;
  /** From now on cycles run by themselves. */
  start(): void;
  sync(): Promise<SyncResult>;
  watchHint(hint: WatchHint): void;
  remoteHint(): void;
  /** Runs between cycles. */
  command<T>(task: () => Promise<T> | T): Promise<T>;
  /** Something was changed by a command: look at it soon. */
  wake(): void;
  pause(): void;
  resume(): void;
  readonly isStopping: () => boolean;
  close(): Promise<void>;
}

const offlineLimits = { first: 1000, most: 60_000 };
/** Files that changed within a tick of the clock are looked at again after this. */
const unsettledMs = 30;
/** How often in a row `sync` looks again at what will not settle. */
const maxUnsettledLooks = 40;

export function pairLoop(options: LoopOptions): PairLoop {
  const { clock, logger, times } = options;
  const queue = serial();
  const pending: Pending = { local: 'all', isRemoteDirty: true };
  const closing = new AbortController();
  let isStarted = false;
  let isPaused = false;
  let isObserved = false;
  let activity: PairLoop['activity'] = 'none';
  let lastError: HoldfastError | null = null;
  let lastSettledAt: number | null = null;
  let failures = 0;
  let isScheduled = false;
  let timers: Promise<void>[] = [];

  const isPending = (): boolean => pending.local === 'all' || pending.local.size > 0 || pending.isRemoteDirty;
  const addLocal = (scope: Pending['local']): void => {
    pending.local = mergeScopes(pending.local, scope);
  };
  const isStopping = (): boolean => isPaused || closing.signal.aborted;

  const runOnce = async (): Promise<CycleResult | null> => {
    if (isStopping()) return null;
    activity = isObserved ? 'syncing' : 'scanning';
    options.onChange();
    try {
      const result = await options.cycle(pending);
      isObserved = true;
      lastError = null;
      failures = 0;
      if (result.isSettled) lastSettledAt = clock.now();
      return result;
    } catch (error) {
      if (closing.signal.aborted) return null;
      if (!(error instanceof HoldfastError)) throw error;
      lastError = error;
      failures++;
      logger.log(isKind(error, 'offline') ? 'info' : 'warn', 'cycle ended early', {
        kind: error.kind,
        reason: error.reason,
      });
      return null;
    } finally {
      activity = 'none';
      options.onChange();
    }
  };

  /** Runs a cycle soon, once, however often it is asked for. */
  const schedule = (delayMs: number): void => {
    if (!isStarted || isScheduled || closing.signal.aborted) return;
    isScheduled = true;
    track(
      (async () => {
        await clock.sleep(delayMs, closing.signal);
        isScheduled = false;
        if (closing.signal.aborted || isPaused) return;
        const result = await queue.run(runOnce);
        after(result);
      })(),
    );
  };

  const after = (result: CycleResult | null): void => {
    if (closing.signal.aborted || isPaused) return;
    if (lastError !== null) {
      const jitter = (options.random.bytes(1)[0] ?? 0) / 256;
      schedule(Math.max(backOffMs(failures, jitter, offlineLimits), lastError.retryAfter ?? 0));
      return;
    }
    if (result !== null && result.unsettled.size > 0) {
      addLocal(new Set(result.unsettled));
      schedule(result.isSettled ? unsettledMs : 500);
    } else if (isPending()) schedule(times.settleMs);
    else {
      const retryAt = options.nextRetryAt();
      if (retryAt !== null) schedule(Math.max(retryAt - clock.now(), 100));
    }
  };

  const track = (work: Promise<void>): void => {
    const done = work.catch((error: unknown) => {
      logger.log('error', 'the pair stopped', { error: error instanceof Error ? error.message : String(error) });
      lastError = error instanceof HoldfastError ? error : new HoldfastError('bug', String(error), { cause: error });
      options.onChange();
    });
    timers.push(done);
    void done.then(() => {
      timers = timers.filter((timer) => timer !== done);
    });
  };

  const every = (ms: number, act: () => void): void =>
    track(
      (async () => {
        for (;;) {
          await clock.sleep(ms, closing.signal);
          if (closing.signal.aborted) return;
          act();
        }
      })(),
    );

  return {
    get activity() {
      return activity;
    },
    get lastError() {
      return lastError;
    },
    get isPaused() {
      return isPaused;
    },
    get isPending() {
      return isPending();
    },
    get isObserved() {
      return isObserved;
    },
    get lastSettledAt() {
      return lastSettledAt;
    },
    isStopping,
    start() {
      if (isStarted) return;
      isStarted = true;
      every(times.rescanMs, () => {
        addLocal('all');
        schedule(0);
      });
      every(times.pollMs, () => {
        pending.isRemoteDirty = true;
        schedule(0);
      });
      schedule(0);
    },
    sync() {
      return queue.run(async () => {
        addLocal('all');
        pending.isRemoteDirty = true;
        const before = options.totals();
        let operations = 0;
        let conflicts = 0;
        let isConverged = false;
        for (let look = 0; look < maxUnsettledLooks; look++) {
          const result = await runOnce();
          if (result === null) break;
          operations += result.operations;
          conflicts += result.conflicts;
          isConverged = result.isSettled && result.unsettled.size === 0 && !isPending();
          if (isConverged) break;
          addLocal(new Set(result.unsettled));
          await clock.sleep(unsettledMs * Math.min(1 + Math.floor(look / 4), 10), closing.signal);
        }
        if (isStarted) after(null);
        const now = options.totals();
        const { held, issues, diverged } = options.counts();
        return {
          isConverged: isConverged && diverged === 0,
          filesUp: now.filesUp - before.filesUp,
          filesDown: now.filesDown - before.filesDown,
          bytesUp: now.bytesUp - before.bytesUp,
          bytesDown: now.bytesDown - before.bytesDown,
          operations,
          conflicts,
          held,
          issues,
        };
      });
    },
    watchHint(hint) {
      if (hint.type === 'dirty') addLocal(new Set<RelativePath>(hint.folders));
      else if (hint.type !== 'coverage') addLocal('all');
      options.onChange();
      schedule(times.settleMs);
    },
    remoteHint() {
      pending.isRemoteDirty = true;
      // A hint tells that the server is there again: no reason to sit out the back-off.
      if (lastError !== null && isKind(lastError, 'offline')) failures = 0;
      schedule(0);
    },
    command(task) {
      return queue.run(task);
    },
    wake() {
      pending.isRemoteDirty = true;
      schedule(0);
    },
    pause() {
      isPaused = true;
      options.onChange();
    },
    resume() {
      isPaused = false;
      addLocal('all');
      pending.isRemoteDirty = true;
      options.onChange();
      schedule(0);
    },
    async close() {
      closing.abort();
      await queue.idle();
      await Promise.all(timers);
    },
  };
}
