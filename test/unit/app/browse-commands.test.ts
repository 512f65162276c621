import { expect, it } from 'vitest';
import { collector } from '../../../src/app/collect-when-idle.ts';
import type { Device } from '../../../src/app/device.ts';
import type { OpenPairs } from '../../../src/app/pairs/open-pairs.ts';
import { systemClock } from '../../../src/app/system-clock.ts';
import { browseCommands } from '../../../src/app/vaults/browse-commands.ts';

const page = {
  pair: null,
  path: '',
  search: null,
  withDeleted: false,
  sort: 'name',
  isDescending: false,
  limit: 2,
} as const;

it('a list is made once for its pages, and is nothing that an idle program keeps', async () => {
  const made: WeakRef<object>[] = [];
  const list = async () => {
    const entries = ['a', 'b', 'c'].map((name) => ({ name, kind: 'file' }));
    made.push(...entries.map((entry) => new WeakRef(entry)));
    return entries;
  };
  const pair = { status: () => ({ seq: 1, serverSeq: 1 }), list };
  const pairs = { at: async () => ({ record: { pair: '1' }, pair, path: '' }) };
  const device = { ports: { clock: systemClock } };
  const { browse } = browseCommands(device as unknown as Device, pairs as unknown as OpenPairs, async () => {
    throw new Error('not asked for');
  });
  expect(await browse({ ...page, offset: 0 })).toMatchObject({ entries: [{ name: 'a' }, { name: 'b' }], total: 3 });
  expect(await browse({ ...page, offset: 2 })).toMatchObject({ entries: [{ name: 'c' }] });
  expect(made).toHaveLength(3);
  // What was looked at stays until the turn ends.
  await new Promise(setImmediate);
  collector()();
  expect(made.filter((entry) => entry.deref() !== undefined)).toEqual([]);
});
