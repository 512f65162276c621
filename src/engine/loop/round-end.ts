import type { Clock } from '../../common/clock.ts';

/** Something else that is to be looked at waits for the round to end. */
export interface News {
  isThere(): boolean;
  /** Calls `listener` whenever there is some, until what it returns is called. */
  listen(listener: () => void): () => void;
}

/** When a round ends before all of its plan is done, so that what comes meanwhile need not wait for large files or thin lines. */
export interface RoundEnd {
  /** Resolves when contents that take long are to be left to the next round, in which they go on. */
  readonly left: Promise<null>;
  isLeft(): boolean;
  /** Nothing more is to begin. */
  isDue(): boolean;
  /** From now on. */
  leave(): void;
  /** The round has ended. */
  close(): void;
}

/** Milliseconds within which news are looked at together. */
const togetherMs = 16;
export interface RoundEndOptions {
  readonly clock: Pick<Clock, 'monotonic' | 'sleep'>;
  readonly news: News;
  /** In so many milliseconds something is to be looked at even if no news come; null: nothing is. */
  readonly again: number | null;
  /** See `LoopTimes`. */
  readonly leaveAfterMs: number;
  /** What it took to look and plan for this round, milliseconds: with rounds that are left early that is to take a tenth of the time. */
  readonly plannedInMs: number;
}

export function roundEnd({ clock, news, again, leaveAfterMs, plannedInMs }: RoundEndOptions): RoundEnd {
  const dueAfterMs = 10 * leaveAfterMs;
  const leaveAfter = Math.min(Math.max(leaveAfterMs, 10 * plannedInMs), dueAfterMs);
  const begun = clock.monotonic();
  const { promise: left, resolve } = Promise.withResolvers<null>();
  const ended = new AbortController();
  let isCalled = false;
  let isLeft = false;
  const leave = (): void => {
    isLeft = true;
    resolve(null);
  };
  const call = (): void => {
    if (isCalled) return;
    isCalled = true;
    const rest = Math.max(togetherMs, begun + leaveAfter - clock.monotonic());
    void clock.sleep(rest, ended.signal).then(() => !ended.signal.aborted && leave());
  };
  if (news.isThere()) call();
  const silence = news.listen(call);
  if (again !== null) void clock.sleep(again, ended.signal).then(() => !ended.signal.aborted && call());
  return {
    left,
    isLeft: () => isLeft,
    isDue: () => isCalled && clock.monotonic() - begun >= dueAfterMs,
    leave,
    close: () => {
      silence();
      ended.abort();
    },
  };
}
