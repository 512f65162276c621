import { expect, test } from 'vitest';
import type { PairRecord } from '../../../src/app/home/config.ts';
import { withoutEndedPauses } from '../../../src/app/home/ended-pauses.ts';

const day = 24 * 3_600_000;

test.each([
  ['still to come', 7 * day, true],
  ['over', 0, false],
  ['further than any pause, since the clock was set back', 8 * day, false],
  ['asked for', null, true],
])('a pause whose end is %s', (_, left, isPaused) => {
  const now = 1_800_000_000_000;
  const paused = { isPaused: true, pausedUntil: left === null ? null : now + left } as PairRecord;
  expect(withoutEndedPauses([paused], now)).toEqual([isPaused ? paused : { isPaused, pausedUntil: null }]);
});
