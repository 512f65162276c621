import { beforeEach, describe, expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { silentLogger } from '../../../src/common/logger.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import type { CycleResult } from '../../../src/engine/loop/cycle.ts';
import { defaultTimes } from '../../../src/engine/loop/loop-times.ts';
import { type PairLoop, pairLoop } from '../../../src/engine/loop/pair-loop.ts';
import { noWork } from '../../../src/engine/work-done.ts';
import { allOf } from '../../../src/model/dirty-folders.ts';
import { type VirtualClock, virtualClock } from '../../fakes/virtual-clock.ts';

const root = '' as RelativePath;
const nothing: CycleResult = { isSettled: true, operations: 0, conflicts: 0, unsettled: new Map(), restless: null };

let clock: VirtualClock;
let loop: PairLoop;
/** When cycles began, and at what they looked. */
let looks: { at: number; local: 'all' | string[] }[];
let next: (() => CycleResult | Promise<CycleResult>)[];
let retryAt: number | null;
let cost: number;
let isBlind: boolean;
let issues: number;
let isIndexAway: boolean;
/** Of cycles that have work: steps of 10 ms that are left, and where each turn ended. */
let work: number;
let turns: number[];
/** When the line was interrupted, and what then happens. */
let interrupted: number[];
let onInterrupt: () => void;

beforeEach(async () => {
  clock = virtualClock();
  looks = [];
  next = [];
  retryAt = null;
  cost = 0;
  isBlind = false;
  issues = 0;
  isIndexAway = false;
  work = 0;
  turns = [];
  interrupted = [];
  onInterrupt = () => undefined;
  loop = made();
  loop.start();
  await clock.advance(100);
  looks.length = 0;
});

const made = (): PairLoop =>
  pairLoop({
    clock,
    random: { bytes: (length) => new Uint8Array(length) },
    logger: silentLogger,
    times: defaultTimes,
    cycle: async (pending) => {
      looks.push({ at: clock.monotonic(), local: pending.local === 'all' ? 'all' : [...pending.local.keys()] });
      pending.local = new Map();
      pending.isRemoteDirty = false;
      if (cost > 0) await clock.sleep(cost);
      loop.observed();
      if (work > 0) {
        for (; work > 0 && !loop.isStopping(); work--) await clock.sleep(10);
        turns.push(work);
        if (work > 0) return { ...nothing, isSettled: false, operations: 1 };
      }
      return (next.shift() ?? (() => nothing))();
    },
    interrupt: () => {
      interrupted.push(clock.monotonic());
      onInterrupt();
    },
    onCommandFailed: () => undefined,
    totals: () => ({ filesUp: 0, bytesUp: 0, filesDown: 0, bytesDown: 0, ...noWork() }),
    counts: () => {
      if (isIndexAway) throw new HoldfastError('io', 'The local index cannot be read or written.');
      return { held: 0, issues, left: 0 };
    },
    nextRetryAt: () => retryAt,
    isBlind: () => isBlind,
    onChange: () => undefined,
  });

const save = (folder: string = root): void =>
  loop.watchHint({ type: 'dirty', folders: allOf([folder as RelativePath]) });
const times = (): number[] => looks.map((look) => look.at);

describe('when the next look is', () => {
  test('hints of one moment are looked at together, soon', async () => {
    save('a');
    await clock.advance(5);
    save('b');
    await clock.advance(100);
    expect(looks).toEqual([{ at: 116, local: ['a', 'b'] }]);
  });

  test('a file that waits for its next try delays nobody else', async () => {
    retryAt = clock.now() + 15 * 60_000;
    save();
    await clock.advance(100);
    looks.length = 0;
    save('other');
    await clock.advance(100);
    expect(looks).toEqual([{ at: 216, local: ['other'] }]);
  });

  test('nor does one that is not quiet yet; and it is looked at in time', async () => {
    next = [() => ({ ...nothing, restless: { time: 800, folders: allOf(['big' as RelativePath]) } })];
    save('big');
    await clock.advance(100);
    expect(loop.isRestless).toBe(true);
    save('small');
    await clock.advance(50);
    expect(looks.at(-1)).toEqual({ at: 216, local: ['big', 'small'] });
    expect(loop.isRestless).toBe(false);

    next = [() => ({ ...nothing, restless: { time: 800, folders: allOf(['big' as RelativePath]) } })];
    save('big');
    await clock.advance(2000);
    expect(times().slice(-2)).toEqual([266, 1066]);
    expect(looks.at(-1)?.local).toEqual(['big']);
  });

  test('where something changed too lately to tell, or kept changing, is looked at again though nobody hints at it', async () => {
    const again = { ...nothing, unsettled: allOf(['fresh' as RelativePath]) };
    next = [() => again, () => ({ ...again, isSettled: false })];
    save('fresh');
    await clock.advance(2000);
    expect(looks.map(({ local }) => local)).toEqual([['fresh'], ['fresh'], ['fresh']]);
    const [first = 0, second = 0, third = 0] = times();
    expect([second - first, third - second]).toEqual([defaultTimes.unsettledMs, 500]);
  });

  test('while the server is away local hints do not shorten the wait; a hint of the server does', async () => {
    const fail = () => {
      throw new HoldfastError('offline', 'no server');
    };
    next = [fail, fail, fail];
    save();
    await clock.advance(20);
    expect(times()).toEqual([116]);
    save('a');
    await clock.advance(500);
    expect(times()).toEqual([116]);
    await clock.advance(600);
    expect(times()).toEqual([116, 1116]);
    await clock.advance(100);
    loop.remoteHint();
    await clock.advance(10);
    expect(times().at(-1)).toBe(clock.monotonic() - 10);
  });

  test('a server that hints all the time, and has nothing, is asked as often as a folder that changes is looked at', async () => {
    cost = 100;
    for (let i = 0; i < 300; i++) {
      loop.remoteHint();
      await clock.advance(10);
    }
    expect(looks.length).toBeLessThanOrEqual(14);
  });

  test('one that hints and does not answer shortens the wait a few times; that the line is there again does so always', async () => {
    next = Array.from({ length: 100 }, () => () => {
      throw new HoldfastError('offline', 'no answer');
    });
    for (let i = 0; i < 300; i++) {
      loop.remoteHint();
      await clock.advance(10);
    }
    expect(looks.length).toBeLessThanOrEqual(6);
    const before = looks.length;
    loop.lineChanged();
    await clock.advance(10);
    expect(looks.length).toBe(before + 1);
  });

  test('looking takes a third of the time at most, however fast a folder changes', async () => {
    cost = 100;
    for (let i = 0; i < 300; i++) {
      save();
      await clock.advance(10);
    }
    expect(looks.length).toBeLessThanOrEqual(11);
    expect(looks.length).toBeGreaterThanOrEqual(9);
  });

  test('and never later than a second after that', async () => {
    cost = 5000;
    save();
    await clock.advance(5020);
    save();
    await clock.advance(2000);
    expect(times()).toEqual([116, 6116]);
  });
});

test('a server that gave a command no answer is asked again soon, but a command is no reason to ask it sooner than it is due', async () => {
  loop.unheard();
  expect(loop.isPending).toBe(true);
  await clock.advance(10);
  expect(times()).toEqual([100]);
  expect(loop.isPending).toBe(false);
  next = [
    () => {
      throw new HoldfastError('offline', 'no server');
    },
  ];
  loop.wake();
  await clock.advance(10);
  loop.unheard();
  await clock.advance(500);
  expect(times()).toEqual([100, 110]);
  await clock.advance(600);
  expect(times()).toEqual([100, 110, 1110]);
});

test('a server that gave a command an answer is there again: what waits for it begins at once', async () => {
  next = [
    () => {
      throw new HoldfastError('offline', 'no server');
    },
  ];
  save();
  await clock.advance(100);
  expect(loop.lastError).not.toBeNull();
  loop.heard();
  expect(loop.lastError).toBeNull();
  await clock.advance(10);
  expect(times()).toEqual([116, 200]);
  loop.heard();
  await clock.advance(100);
  expect(times()).toEqual([116, 200]);
});

test('one that answers in the middle of a cycle is there again from then on, and nothing is begun for that', async () => {
  const fail = () => {
    throw new HoldfastError('offline', 'no server');
  };
  next = [fail];
  save();
  await clock.advance(100);
  cost = 5000;
  loop.remoteHint();
  await clock.advance(100);
  expect(loop.lastError).not.toBeNull();
  loop.heard();
  expect(loop.lastError).toBeNull();
  await clock.advance(10_000);
  expect(times()).toEqual([116, 200]);
});

test('what changed between a run by command and the start of watching is looked for', async () => {
  loop = made();
  await Promise.all([loop.sync(), clock.advance(100)]);
  looks.length = 0;
  loop.start();
  await clock.advance(10);
  expect(looks.map((look) => look.local)).toEqual(['all']);
});

describe('listing everything again', () => {
  const listings = (): number[] => looks.filter((look) => look.local === 'all').map((look) => look.at);

  test('every five minutes, since no watcher can promise that it lost nothing', async () => {
    await clock.advance(11 * 60_000);
    expect(listings().length).toBe(2);
  });

  test('goes on though the index could not be asked for a while', async () => {
    isIndexAway = true;
    await clock.advance(6 * 60_000);
    isIndexAway = false;
    const before = listings().length;
    await clock.advance(11 * 60_000);
    expect(listings().length).toBe(before + 2);
    expect(loop.lastError).toBeNull();
  });

  test('a large folder less often, so that being watched takes next to nothing; but within twenty minutes', async () => {
    const listedEvery = async (took: number): Promise<number> => {
      cost = took;
      loop.watchHint({ type: 'rescan' });
      await clock.advance(2 * took);
      looks.length = 0;
      await clock.advance(2 * 60 * 60_000);
      const [first = 0, second = 0] = listings();
      return second - first;
    };
    expect(await listedEvery(100)).toBe(5 * 60_000 + 100);
    expect(await listedEvery(500)).toBe(2000 * 500 + 500);
    issues = 1;
    expect(await listedEvery(500)).toBe(5 * 60_000 + 500);
    issues = 0;
    expect(await listedEvery(60_000)).toBe(20 * 60_000 + 60_000);
  });

  test('much more often while folders are not watched, beginning when that is known', async () => {
    await clock.advance(60_000);
    isBlind = true;
    loop.watchHint({ type: 'coverage' });
    await clock.advance(60_000);
    expect(listings().length).toBeGreaterThanOrEqual(3);
    isBlind = false;
    loop.watchHint({ type: 'coverage' });
    looks.length = 0;
    await clock.advance(4 * 60_000);
    expect(listings()).toEqual([]);
  });

  test('but a large folder no more than it can bear', async () => {
    isBlind = true;
    cost = 1000;
    loop.watchHint({ type: 'rescan' });
    loop.watchHint({ type: 'coverage' });
    await clock.advance(5000);
    looks.length = 0;
    await clock.advance(10 * 60_000);
    expect(listings().length).toBeLessThanOrEqual(6);
    expect(listings().length).toBeGreaterThanOrEqual(5);
  });
});

describe('what somebody waits for', () => {
  test('does not wait until a cycle has done all; that goes on afterwards, and is said to sync all the while', async () => {
    work = 100_000;
    save();
    await clock.advance(5000);
    let activity = '';
    const decided = loop.command(() => {
      activity = loop.activity;
    });
    await Promise.all([decided, clock.advance(50)]);
    expect([activity, loop.activity, turns.length]).toEqual(['syncing', 'syncing', 1]);
    await clock.advance(2_000_000);
    expect([work, turns.length, loop.activity]).toEqual([0, 2, 'none']);
  });

  test('comes between the looks of a sync, which goes on until all is done', async () => {
    work = 100_000;
    const run = loop.sync();
    await clock.advance(5000);
    await Promise.all([loop.command(() => undefined), clock.advance(50)]);
    expect(work).toBeGreaterThan(90_000);
    await clock.advance(2_000_000);
    expect(await run).toMatchObject({ isConverged: true, operations: 1 });
  });

  test('leaves each turn of a cycle some time, however often it is asked for', async () => {
    cost = 3000;
    work = 1000;
    save();
    let asked = 0;
    while (work > 0 && asked++ < 10_000) {
      void loop.command(() => undefined);
      await clock.advance(10);
    }
    expect(work).toBe(0);
    expect(turns.length).toBe(10);
  });

  test('has what a cycle has on the line interrupted, if that does not end by itself', async () => {
    const line = Promise.withResolvers<CycleResult>();
    onInterrupt = () => line.resolve({ ...nothing, isSettled: false });
    next.push(() => line.promise);
    save();
    await clock.advance(3000);
    let isDone = false;
    const asked = clock.monotonic();
    void loop.command(() => {
      isDone = true;
    });
    await clock.advance(400);
    expect(isDone).toBe(false);
    await clock.advance(600);
    expect(isDone).toBe(true);
    expect(interrupted).toHaveLength(1);
    expect(interrupted[0]).toBeGreaterThan(asked + 500);
  });

  test('ends no cycle early if it can wait', async () => {
    work = 1000;
    save();
    await clock.advance(5000);
    await Promise.all([loop.aside(() => undefined), clock.advance(6000)]);
    expect(turns).toEqual([0]);
  });

  test('is told what became of it, also where it failed', async () => {
    await expect(loop.command(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await loop.command(() => 1)).toBe(1);
  });
});

describe('a pause', () => {
  const stuck = (): ReturnType<typeof Promise.withResolvers<CycleResult>> => {
    const line = Promise.withResolvers<CycleResult>();
    onInterrupt = () => line.resolve({ ...nothing, isSettled: false });
    next.push(() => line.promise);
    return line;
  };

  test('interrupts what does not end by itself, once', async () => {
    stuck();
    save();
    await clock.advance(3000);
    expect(interrupted).toEqual([]);
    loop.pause();
    await clock.advance(1000);
    expect(interrupted).toHaveLength(1);
    expect(loop.activity).toBe('none');
    await clock.advance(10_000);
    expect(interrupted).toHaveLength(1);
  });

  test('interrupts nothing that has ended, or goes on again', async () => {
    const line = stuck();
    save();
    await clock.advance(3000);
    loop.pause();
    await clock.advance(300);
    loop.resume();
    await clock.advance(5000);
    line.resolve(nothing);
    await clock.advance(100);
    loop.pause();
    await clock.advance(5000);
    expect(interrupted).toEqual([]);
  });
});
