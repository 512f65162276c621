import { expect, test } from 'vitest';
import { defaultTimes, timeToRescan } from '../../../src/engine/loop/loop-times.ts';

const minute = 60_000;
const calm = { isBlind: false, hasIssues: false, listingTook: 0 };

test.each([
  ['a small folder every few minutes', {}, 5 * minute],
  ['a large one seldom enough that it costs next to nothing', { listingTook: 300 }, 10 * minute],
  ['but not so seldom that a lost hint stays lost', { listingTook: 60_000 }, 20 * minute],
  ['one with an issue as if it were small', { listingTook: 60_000, hasIssues: true }, 5 * minute],
  ['one whose changes may be unseen every few seconds', { isBlind: true, hasIssues: true }, 20_000],
  ['as far as that is cheap', { isBlind: true, listingTook: 1000 }, 100_000],
  ['and never less often than one that is watched', { isBlind: true, listingTook: 60_000 }, 5 * minute],
])('everything is listed again: %s', (_, facts, expected) => {
  expect(timeToRescan(defaultTimes, { ...calm, ...facts })).toBe(expected);
});
