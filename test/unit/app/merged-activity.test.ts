import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ActivityLane, mergedActivity } from '../../../src/app/pairs/merged-activity.ts';
import type { DeviceId, PairId } from '../../../src/common/ids.ts';
import type { ActivityItem } from '../../../src/model/status.ts';

const pairId = (n: number) => String(n).padStart(32, '0') as PairId;
const item = (batch: string, time: number): ActivityItem => ({
  batch,
  seq: 1,
  time,
  device: pairId(9) as unknown as DeviceId,
  deviceName: 'Desk',
  changes: [],
  changeCount: 0,
});

/** A pair whose log has these times, newest first; counts what is read of it. */
function laneOf(n: number, times: readonly number[]): ActivityLane & { read: number } {
  const items = times.map((time, at) => item(`${n}-${at}`, time));
  return {
    pair: pairId(n),
    read: 0,
    async page(limit, before) {
      const from = before === null ? 0 : items.findIndex(({ batch }) => batch === before) + 1;
      if (before !== null && from === 0) throw new Error(`${before} is of another pair`);
      const page = items.slice(from, from + limit);
      this.read += page.length;
      return page;
    },
  };
}

async function allPages(lanes: readonly ActivityLane[], limit: number) {
  const pages: (readonly (ActivityItem & { pair: PairId })[])[] = [];
  let before: string | null = null;
  do {
    const { items, next } = await mergedActivity(lanes, limit, before);
    pages.push(items);
    before = next;
  } while (before !== null);
  return pages;
}

test('pages over several pairs tell each item once, the newest first, each pair’s in the order of its log', async () => {
  const logs = fc.array(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 }), { minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(logs, fc.integer({ min: 1, max: 12 }), async (times, limit) => {
      const lanes = times.map((of, n) => laneOf(n, of));
      const pages = await allPages(lanes, limit);
      const told = pages.flat();
      for (const [n, of] of times.entries()) {
        const own = told.filter(({ pair }) => pair === pairId(n)).map(({ batch }) => batch);
        expect(own).toEqual(of.map((_time, at) => `${n}-${at}`));
      }
      for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      expect(told).toHaveLength(times.flat().length);
      const isOrdered = times.every((of) => of.every((time, at) => at === 0 || time <= (of[at - 1] ?? time)));
      const order = told.map(({ time }) => time);
      if (isOrdered) expect(order).toEqual([...order].sort((a, b) => b - a));
    }),
  );
});

test('a page reads little more than it tells, however much there is in however many pairs', async () => {
  const lanes = [0, 1, 2, 3].map((n) =>
    laneOf(
      n,
      Array.from({ length: 5000 }, (_, at) => 1e6 - at * 4 - n),
    ),
  );
  const { items } = await mergedActivity(lanes, 40, null);
  expect(items).toHaveLength(40);
  expect(lanes.reduce((sum, { read }) => sum + read, 0)).toBeLessThan(100);
});

test('of one pair a batch is where a page begins; of several it says nothing', async () => {
  const one = laneOf(0, [3, 2, 1]);
  expect((await mergedActivity([one], 2, '0-0')).items.map(({ batch }) => batch)).toEqual(['0-1', '0-2']);
  await expect(mergedActivity([one, laneOf(1, [5])], 2, '0-0')).rejects.toMatchObject({ reason: 'which-pair' });
});

test('a pair that was removed between two pages is left out, one that was added is told', async () => {
  const [kept, removed, added] = [laneOf(0, [9, 5, 4]), laneOf(1, [8, 7]), laneOf(2, [6])];
  const { next } = await mergedActivity([kept, removed], 2, null);
  const { items } = await mergedActivity([kept, added], 5, next);
  expect(items.map(({ batch }) => batch)).toEqual(['2-0', '0-1', '0-2']);
});
