import type { Clock } from '../../common/clock.ts';
import { HoldfastError, isKind } from '../../common/errors.ts';
import type { Random } from '../../common/ids.ts';
import type { Logger } from '../../common/logger.ts';
import type { WatchHint } from '../../local/watcher.ts';
import type { SyncResult } from '../../model/status.ts';
import { backOffMs } from '../back-off.ts';
import { serial } from '../serial.ts';
import { commands } from './commands.ts';
import type { CycleResult } from './cycle.ts';
import type { LoopTimes } from './loop-times.ts';
import { mergeScopes, type Pending } from './observe.ts';
import { rescans } from './rescans.ts';
import { timetable } from './timetable.ts';

type Totals = Omit<SyncResult, 'isConverged' | 'held' | 'issues' | 'left' | 'operations' | 'conflicts'>;

const gained = (before: Totals, now: Totals): Totals =>
  Object.fromEntries(
    Object.entries(now).map(([name, total]) => [name, total - before[name as keyof Totals]]),
  ) as unknown as Totals;

export interface LoopOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly times: LoopTimes;
  /** One observation with all its rounds. Rejects with why it had to end early. */
  readonly cycle: (pending: Pending) => Promise<CycleResult>;
  /** Ends what the running cycle has on the line. */
  readonly interrupt: () => void;
  /** What a run of `sync` reports; the loop takes differences. */
  readonly totals: () => Totals;
  readonly counts: () => { readonly held: number; readonly issues: number; readonly left: number };
  /** When the next blocked node may be tried, wall milliseconds; null if none is. */
  readonly nextRetryAt: () => number | null;
  /** Changes may happen that no hint tells of. */
  readonly isBlind: () => boolean;
  readonly onChange: () => void;
  /** What a person asked for could not be done. */
  readonly onCommandFailed: () => void;
}

/** The one loop that owns a pair: hints, timers and commands come in, cycles run one at a time. */
export interface PairLoop {
  readonly activity: 'none' | 'scanning' | 'syncing';
  readonly lastError: HoldfastError | null;
  readonly isPaused: boolean;
  readonly isPending: boolean;
  /** Calls `listener` whenever something more is pending, until what it returns is called. */
  onPending(listener: () => void): () => void;
  /** Something that a person asked for runs, beside no cycle. */
  readonly hasCommand: boolean;
  /** Since `start`: what is not settled will be looked at again by itself. */
  readonly isStarted: boolean;
  /** Changes wait until they are quiet. */
  readonly isRestless: boolean;
  readonly isObserved: boolean;
  readonly lastSettledAt: number | null;
  /** From now on cycles run by themselves. */
  start(): void;
  sync(): Promise<SyncResult>;
  watchHint(hint: WatchHint): void;
  /** The server says that there is news. */
  remoteHint(): void;
  /** The line to the server broke or is there again. */
  lineChanged(): void;
  /** Runs between cycles, for somebody who waits for it: one that runs ends early for that, and goes on afterwards. */
  command<T>(task: () => Promise<T> | T): Promise<T>;
  /** Runs between cycles, whenever that is. */
  aside<T>(task: () => Promise<T> | T): Promise<T>;
  /** Something was changed by a command: look at it soon. */
  wake(): void;
  /** The server was asked for news by a command, and did not answer: nobody knows whether there is any. */
  unheard(): void;
  /** Both sides were looked at: what a cycle does from here on is no looking any more. */
  observed(): void;
  /** The server gave its news: it is there again, however long a cycle still takes that has begun. */
  heard(): void;
  pause(): void;
  resume(): void;
  /** The running cycle is to finish what runs, and to begin nothing new. */
  readonly isStopping: () => boolean;
  close(): Promise<void>;
}

const offlineLimits = { first: 1000, most: 60_000 };
/** Looking at what changes all the time, in a large folder say, takes at most a third of the time. */
const maxRest = 1000;
/** How often in a row `sync` looks again at what will not settle. */
const maxUnsettledLooks = 40;
/** So many looks in a row that a hint of the server hurried may bring nothing; who goes on hinting then hurries nobody. */
const maxVainHints = 3;

export function pairLoop(options: LoopOptions): PairLoop {
  const { clock, logger, times } = options;
  const queue = serial();
  const { onChange, onCommandFailed: onFailed } = options;
  const asked = commands({ clock, leastWorkMs: times.leastWorkMs, onChange, onFailed });
  const pending: Pending = { local: 'all', isRemoteDirty: true };
  const closing = new AbortController();
  let isStarted = false;
  let isPaused = false;
  let isObserved = false;
  let activity: PairLoop['activity'] = 'none';
  let lastError: HoldfastError | null = null;
  let lastSettledAt: number | null = null;
  let failures = 0;
  let isRestless = false;
  let isHurried = false;
  let vainHints = 0;
  let timers: Promise<void>[] = [];

  const listeners = new Set<() => void>();
  const isPending = (): boolean => pending.local === 'all' || pending.local.size > 0 || pending.isRemoteDirty;
  const addLocal = (scope: Pending['local']): void => {
    pending.local = mergeScopes(pending.local, scope);
  };
  /** What a cycle could not settle is looked at again. */
  const keep = ({ unsettled, restless }: CycleResult): void => {
    addLocal(unsettled);
    if (restless !== null) addLocal(restless.folders);
  };
  const mayNotRun = (): boolean => isPaused || closing.signal.aborted;
  const isStopping = (): boolean => mayNotRun() || asked.isGivingWay();

  /** Until the running cycle has ended. */
  const interruptIfDue = async (ended: AbortSignal): Promise<void> => {
    for (let wasStopping = false; ; wasStopping = isStopping()) {
      await clock.sleep(times.endWithinMs, ended);
      if (ended.aborted) return;
      if (wasStopping && isStopping()) return options.interrupt();
    }
  };

  const runOnce = async (): Promise<(CycleResult & { readonly hasGivenWay: boolean }) | null> => {
    if (mayNotRun()) {
      activity = 'none';
      return null;
    }
    activity = isObserved ? 'syncing' : 'scanning';
    asked.cycleBegins();
    let hasGivenWay = false;
    options.onChange();
    const begun = clock.monotonic();
    const isListing = pending.local === 'all';
    const ended = new AbortController();
    track(interruptIfDue(ended.signal));
    try {
      const result = await options.cycle(pending);
      hasGivenWay = asked.isGivingWay();
      // Nothing else would tell that there is more to do.
      if (hasGivenWay) pending.isRemoteDirty = true;
      if (isListing) listings.listed(begun, result.operations === 0);
      isObserved = true;
      lastError = null;
      failures = 0;
      isRestless = result.restless !== null || (hasGivenWay && isRestless);
      if (result.isSettled && !isRestless) lastSettledAt = clock.now();
      return { ...result, hasGivenWay };
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
      ended.abort();
      asked.cycleEnds();
      // It goes on in a moment.
      if (!hasGivenWay) activity = 'none';
      options.onChange();
    }
  };

  const turn = async (): Promise<void> => {
    const begun = clock.monotonic();
    const wasHurried = isHurried;
    isHurried = false;
    const result = await queue.run(runOnce);
    const hasWorked = result !== null && result.operations > 0;
    if (wasHurried || hasWorked) vainHints = hasWorked ? 0 : vainHints + 1;
    if (result?.operations === 0 && (!pending.isRemoteDirty || vainHints >= maxVainHints))
      next.holdOff(Math.min(2 * (clock.monotonic() - begun), maxRest));
    after(result);
  };

  /** The server is there again: no reason to sit out the back-off. */
  const hurry = (): void => {
    if (lastError !== null && isKind(lastError, 'offline')) failures = 0;
    atOnce();
  };

  const after = (result: CycleResult | null): void => {
    if (closing.signal.aborted || isPaused) return;
    if (lastError !== null) {
      const wait = Math.max(backOffMs(failures, options.random, offlineLimits), lastError.retryAfter ?? 0);
      next.holdOff(wait);
      schedule(wait);
      return;
    }
    if (isPending()) schedule(times.settleMs);
    if (result !== null) {
      const { unsettled, restless, isSettled } = result;
      keep(result);
      if (unsettled.size > 0) schedule(isSettled ? times.unsettledMs : 500);
      if (restless !== null) schedule(restless.time);
    }
    const retryAt = options.nextRetryAt();
    if (retryAt !== null) schedule(Math.max(retryAt - clock.now(), 100));
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

  const next = timetable({
    clock,
    signal: closing.signal,
    idle: queue.idle,
    isPaused: () => isPaused,
    begin: turn,
    track,
  });
  const tell = (): void => {
    if (isPending()) for (const listener of [...listeners]) listener();
  };
  const schedule = (ms: number): void => {
    if (!isStarted) return;
    next.schedule(ms);
    tell();
  };
  const atOnce = (): void => {
    if (!isStarted) return;
    next.atOnce();
    tell();
  };

  const listings = rescans({
    clock,
    times,
    signal: closing.signal,
    isBlind: options.isBlind,
    issues: () => options.counts().issues,
    onDue: () => {
      addLocal('all');
      schedule(0);
    },
  });

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
    onPending(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    get hasCommand() {
      return asked.isRunning;
    },
    get isStarted() {
      return isStarted;
    },
    get isRestless() {
      return isRestless;
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
      // Nobody watched until here, whatever was seen before.
      addLocal('all');
      pending.isRemoteDirty = true;
      track(listings.run());
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
        for (let look = 0; look < maxUnsettledLooks; ) {
          const result = await runOnce();
          if (result === null) break;
          operations += result.operations;
          conflicts += result.conflicts;
          const { restless, unsettled } = result;
          isConverged = result.isSettled && unsettled.size === 0 && restless === null && !isPending();
          if (isConverged) break;
          keep(result);
          if (result.hasGivenWay) {
            await asked.runWaiting();
            continue;
          }
          const pause = times.unsettledMs * Math.min(1 + Math.floor(look / 4), 10);
          await clock.sleep(unsettled.size > 0 || restless === null ? pause : restless.time, closing.signal);
          look++;
        }
        if (isStarted) after(null);
        const { held, issues, left } = options.counts();
        return {
          isConverged: isConverged && left === 0,
          ...gained(before, options.totals()),
          operations,
          conflicts,
          held,
          issues,
          left,
        };
      });
    },
    watchHint(hint) {
      if (hint.type === 'dirty') addLocal(hint.folders);
      else if (hint.type === 'coverage') listings.rethink();
      else addLocal('all');
      options.onChange();
      schedule(times.settleMs);
    },
    remoteHint() {
      pending.isRemoteDirty = true;
      if (vainHints >= maxVainHints) return schedule(0);
      isHurried = true;
      hurry();
    },
    lineChanged() {
      pending.isRemoteDirty = true;
      vainHints = 0;
      hurry();
    },
    command(task) {
      const done = asked.add(task);
      void queue.run(asked.runWaiting);
      return done;
    },
    aside: (task) => queue.run(() => asked.run(task)),
    wake() {
      pending.isRemoteDirty = true;
      atOnce();
    },
    unheard() {
      pending.isRemoteDirty = true;
      options.onChange();
      schedule(0);
    },
    observed() {
      asked.cycleHasLooked();
      if (activity !== 'scanning') return;
      activity = 'syncing';
      options.onChange();
    },
    heard() {
      if (lastError === null || !isKind(lastError, 'offline')) return;
      lastError = null;
      options.onChange();
      // Between cycles: no reason to sit out the back-off.
      if (activity === 'none') atOnce();
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
      atOnce();
    },
    async close() {
      closing.abort();
      await queue.idle();
      await Promise.all(timers);
    },
  };
}
