import { describe, expect, test } from 'vitest';
import {
  type Change,
  type Heat,
  heatUp,
  isCold,
  isHot,
  type Seen,
  timeToWait,
} from '../../../src/engine/observe/quiet-time.ts';

const kib = 1024;
const mib = 1024 * kib;
const file = (size: number, more: Partial<Extract<Change, { what: 'content' }>> = {}): Change => ({
  what: 'content',
  size,
  isNew: false,
  isUnfinished: false,
  ...more,
});
const just: Seen = { still: 0, waited: 0, isBusy: false, isHot: false, isWatched: true };

describe('how long a change has to be left alone', () => {
  test('a small file: as long as two writes could look alike, so that a save arrives at once', () => {
    expect(timeToWait(file(1), just)).toBeLessThan(20);
    expect(timeToWait(file(64 * kib), just)).toBeLessThan(20);
    expect(timeToWait(file(1), { ...just, still: 15.1 })).toBe(0);
  });

  test('a larger one longer, but never more than a second for its size alone', () => {
    const waits = [kib, mib, 16 * mib, 200 * mib, 5000 * mib].map((size) => timeToWait(file(size), just));
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    expect(waits.at(-1)).toBe(1000);
  });

  test('a large one no longer than a tenth of a second if somebody asked for it to be taken up now', () => {
    const asked = { ...just, isWatched: false };
    expect(timeToWait(file(1), asked)).toBe(timeToWait(file(1), just));
    expect(timeToWait(file(5000 * mib), asked)).toBe(100);
    expect(timeToWait(file(5000 * mib), { ...asked, isBusy: true })).toBe(500);
  });

  test('what was waited already counts', () => {
    expect(timeToWait(file(16 * mib), { ...just, still: 100 })).toBe(timeToWait(file(16 * mib), just) - 100);
  });

  test('an empty file is about to be filled, the more so if it was not empty before', () => {
    expect(timeToWait(file(0, { isNew: true }), just)).toBe(250);
    expect(timeToWait(file(0), just)).toBe(1000);
  });

  test('one that was seen to change is given half a second, one that changed very often a whole one', () => {
    expect(timeToWait(file(1), { ...just, isBusy: true })).toBe(500);
    expect(timeToWait(file(1), { ...just, isHot: true })).toBe(1000);
  });

  test('a name of an unfinished file waits for its renaming', () => {
    expect(timeToWait(file(1, { isNew: true, isUnfinished: true }), just)).toBe(2000);
  });

  test('a file that is gone may come back in a moment, one set aside be replaced; another move does not wait', () => {
    expect(timeToWait({ what: 'gone' }, just)).toBe(200);
    expect(timeToWait({ what: 'place', isSetAside: true }, just)).toBe(500);
    expect(timeToWait({ what: 'place', isSetAside: false }, just)).toBeLessThan(20);
  });
});

describe('what never becomes quiet', () => {
  test('is taken up after five seconds, a hot file after a minute, an unfinished one after ten', () => {
    const busy = { ...just, isBusy: true };
    expect(timeToWait(file(mib), { ...busy, waited: 4999 })).toBeGreaterThan(0);
    expect(timeToWait(file(mib), { ...busy, waited: 5000 })).toBe(0);
    expect(timeToWait(file(mib), { ...busy, isHot: true, waited: 59_000 })).toBeGreaterThan(0);
    expect(timeToWait(file(mib), { ...busy, isHot: true, waited: 60_000 })).toBe(0);
    expect(timeToWait(file(mib, { isUnfinished: true }), { ...busy, waited: 599_000 })).toBeGreaterThan(0);
    expect(timeToWait(file(mib, { isUnfinished: true }), { ...busy, waited: 600_000 })).toBe(0);
  });

  test('the wait ends no later than that', () => {
    expect(timeToWait(file(mib), { ...just, isBusy: true, waited: 4900 })).toBe(100);
  });
});

describe('heat', () => {
  const cold: Heat = { level: 0, at: 0 };
  const heated = (takes: number, size: number, everyMs: number): { readonly heat: Heat; readonly now: number } => {
    let heat = cold;
    let now = 0;
    for (let i = 0; i < takes; i++) {
      now += everyMs;
      heat = heatUp(heat, size, now);
    }
    return { heat, now };
  };

  test('a person who saves every few seconds for an hour, or two hundred times in a row, does not make a file hot', () => {
    const hour = heated(1200, 10 * kib, 30_000);
    expect(isHot(hour.heat, hour.now)).toBe(false);
    const row = heated(200, 10 * kib, 100);
    expect(isHot(row.heat, row.now)).toBe(false);
  });

  test('a log that is taken up without end does, and so do a few versions of a very large file', () => {
    const log = heated(500, 10 * kib, 1000);
    expect(isHot(log.heat, log.now)).toBe(true);
    const disk = heated(2, 200 * mib, 5000);
    expect(isHot(disk.heat, disk.now)).toBe(true);
  });

  test('it cools: not hot for ever, and forgotten in the end', () => {
    const { heat, now } = heated(1000, 100 * mib, 10);
    expect(isHot(heat, now + 60 * 60_000)).toBe(true);
    expect(isHot(heat, now + 3 * 60 * 60_000)).toBe(false);
    expect(isCold(heat, now + 5 * 60 * 60_000)).toBe(true);
  });
});
