import { expect, test } from 'vitest';
import { standsSince } from '../../../src/app/pairs/stands-since.ts';
import type { PairState } from '../../../src/model/status.ts';

const all = (states: readonly PairState[], last: { state: PairState; since: number | null }) => {
  let time = 100;
  const since = standsSince(() => ++time, last);
  return states.map(since);
};

test('a pair says since when it is stopped, offline or needs a person, from one look to the next', () => {
  const last = { state: 'up-to-date', since: null } as const;
  expect(all(['offline', 'offline', 'scanning', 'offline', 'root-missing'], last)).toEqual([101, 101, null, 101, 102]);
  expect(all(['offline', 'syncing', 'offline', 'up-to-date', 'paused'], last)).toEqual([101, null, 103, null, null]);
});

test('what an earlier process knew goes on, for as long as it is so', () => {
  const last = { state: 'offline', since: 7 } as const;
  expect(all(['scanning', 'offline', 'needs-attention', 'offline'], last)).toEqual([null, 7, 101, 102]);
  expect(all(['offline'], { ...last, since: null })).toEqual([null]);
});
