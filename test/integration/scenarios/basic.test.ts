import { randomBytes } from 'node:crypto';
import { cpSync, renameSync } from 'node:fs';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { eventually } from '../../helpers/eventually.ts';
import { shown, trashedContents } from '../../helpers/scenario-files.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { type Row, testRows } from '../../helpers/scenario-rows.ts';
import { withDevices } from '../../helpers/scenario-steps.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const mib = 1024 * 1024;
const large = new Uint8Array(randomBytes(10 * mib));
const hundred = Array.from({ length: 100 }, (_, i) => `d${i % 10}/f${i}`);

const rows: readonly Row[] = [
  { id: 'BAS-01', promise: 'nothing is nothing', end: {}, maxSent: 0 },
  { id: 'BAS-03', promise: 'an empty file is not dropped', a: (at) => at.write('f', ''), end: { f: '' } },
  { id: 'BAS-04', promise: 'an empty folder arrives', a: (at) => at.mkdir('d'), end: { 'd/': '' }, maxSent: 0 },
  {
    id: 'BAS-06',
    promise: 'an edit arrives, and the former content is a version',
    init: (at) => at.write('f', '1'),
    a: (at) => at.write('f', '22'),
    end: { f: '22' },
    sameNode: { f: 'f' },
    check: async ({ A, B }) => {
      for (const device of [A, B]) expect(await device.now.pair.versions('f')).toHaveLength(2);
    },
  },
  {
    id: 'BAS-07',
    promise: 'an edit of the same size arrives',
    init: (at) => at.write('f', '11'),
    a: (at) => at.write('f', '22'),
    end: { f: '22' },
  },
  {
    id: 'BAS-09',
    promise: 'a touch sends nothing and is no conflict',
    init: (at) => at.write('f', '1'),
    a: (at) => at.touch('f', new Date(2020, 1, 2)),
    end: { f: '1' },
    maxSent: 0,
  },
  {
    id: 'BAS-10',
    promise: 'a file cut to nothing is empty everywhere',
    init: (at) => at.write('f', '1'),
    a: (at) => at.write('f', ''),
    end: { f: '' },
    maxSent: 0,
  },
  {
    id: 'BAS-12',
    promise: 'a delete arrives; the content is in the trash there, and can be restored',
    init: (at) => at.write('f', '1'),
    a: (at) => at.rm('f'),
    end: {},
    check: async ({ A, B }) => {
      expect(trashedContents(B.files.root)).toEqual(['1']);
      expect(await A.now.pair.list('', { isRecursive: false, withDeleted: true })).toMatchObject([
        { path: 'f', isDeleted: true },
      ]);
    },
  },
  {
    id: 'BAS-13',
    promise: 'a deleted folder goes with all in it, in one delete',
    init: (at) => {
      at.write('d/x', '1');
      at.write('d/y', '2');
      at.write('d/e/z', '3');
    },
    a: (at) => at.rm('d'),
    end: {},
    check: async ({ A, timing }) => {
      // While it is watched, `rm -r` may be seen half done.
      if (timing === 'live') return;
      const [last] = await A.now.pair.activity({ limit: 1, before: null });
      expect(last?.changes.filter(({ path }) => path === 'd')).toMatchObject([{ what: 'delete' }]);
    },
  },
  {
    id: 'BAS-15',
    promise: 'what came and went before it was sent is nothing',
    a: (at) => {
      at.write('f', '1');
      at.rm('f');
    },
    end: {},
  },
  {
    id: 'BAS-16',
    promise: 'deleted, and later made again with the same content',
    init: (at) => at.write('f', '1'),
    a: async (at) => {
      at.rm('f');
      await at.settle();
      at.write('f', '1');
    },
    end: { f: '1' },
    maxSent: 0,
  },
  {
    id: 'BAS-18',
    promise: 'of two files with equal bytes one is sent, and one can go without the other',
    a: async (at) => {
      at.write('one', large);
      at.write('two', large);
      await at.settle();
      at.rm('one');
    },
    end: { two: shown(large) },
    maxSent: large.length * 1.01,
    timings: ['offline'],
    check: async ({ B }) => {
      expect((await B.now.pair.verify({ isDeep: true })).problems).toEqual([]);
    },
  },
  {
    id: 'BAS-19',
    promise: 'a file that is saved again and again ends as saved last, without a conflict',
    init: (at) => at.write('f', 'save 0'),
    a: async (at) => {
      for (let save = 1; save <= 12; save++) {
        at.write('f', `save ${save} ${'x'.repeat(save)}`);
        await systemClock.sleep(15);
      }
    },
    end: { f: `save 12 ${'x'.repeat(12)}` },
    timings: ['live'],
  },
  {
    id: 'BAS-21',
    promise: 'a folder moved out of the pair goes elsewhere too, and stays where it was moved',
    init: (at) => {
      at.write('d/x', '1');
      at.write('d/e/y', '2');
    },
    a: (at) => renameSync(at.at('d'), at.at('../outside')),
    end: {},
    check: ({ A }) => {
      expect(A.files.has('../outside/x')).toBe(true);
      expect(A.files.has('../outside/e/y')).toBe(true);
    },
  },
  {
    id: 'BAS-24',
    promise: 'many changes of every kind while the client was stopped are found in one start',
    init: (at) => {
      for (const path of hundred) at.write(path, path);
    },
    a: (at) => {
      for (let i = 0; i < 5; i++) {
        at.write(`d1/new${i}`, `new ${i}`);
        at.write(`d2/f${10 * i + 2}`, `edited ${i}`);
        at.rm(`d3/f${10 * i + 3}`);
        at.mv(`d4/f${10 * i + 4}`, `d5/moved${i}`);
        at.mkdir(`d6/folder${i}`);
      }
    },
    end: treeAfterManyChanges(),
  },
];

function treeAfterManyChanges(): Record<string, string> {
  const tree: Record<string, string> = {};
  for (let d = 0; d < 10; d++) tree[`d${d}/`] = '';
  for (const path of hundred) tree[path] = path;
  for (let i = 0; i < 5; i++) {
    tree[`d1/new${i}`] = `new ${i}`;
    tree[`d2/f${10 * i + 2}`] = `edited ${i}`;
    delete tree[`d3/f${10 * i + 3}`];
    delete tree[`d4/f${10 * i + 4}`];
    tree[`d5/moved${i}`] = `d4/f${10 * i + 4}`;
    tree[`d6/folder${i}/`] = '';
  }
  return tree;
}

testRows('1 Basic', rows);

const world = worldOfTests();

test('BAS-22 a device that joins with the same folder downloads nothing and makes no copies', async () => {
  const [one, two] = await world.pairs();
  for (let i = 0; i < 1000; i++) one.files.write(`d${i % 25}/f${i}`, `content ${i % 900}`);
  cpSync(one.files.root, two.files.root, { recursive: true });
  expect(await one.sync()).toMatchObject({ isConverged: true, filesUp: 1000 });
  expect(await two.sync()).toMatchObject({ isConverged: true, filesDown: 0, conflicts: 0, bytesUp: 0 });
  expect(two.now.faults.calls.filter((call) => call === 'getObjects' || call === 'getObject')).toEqual([]);
  await one.sync();
  await expectOracles([one, two]);
});

test('BAS-22 the same, if what is new takes several plans: one may name the vault’s file alone, or this disk’s', () =>
  withDevices(world, [{}, { newNodesInPlan: 7 }], async (one, two) => {
    for (let i = 0; i < 120; i++) one.files.write(`d${i % 10}/e/f${i}`, `content ${i}`);
    cpSync(one.files.root, two.files.root, { recursive: true });
    two.files.write('d3/e/f3', 'something else');
    expect(await one.sync()).toMatchObject({ isConverged: true, filesUp: 120 });
    const joined = await two.sync();
    expect(joined).toMatchObject({ isConverged: true, filesUp: 1, filesDown: 1, conflicts: 1 });
    await one.sync();
    expect(Object.keys(one.files.tree()).filter((path) => path.includes('conflict'))).toHaveLength(1);
    await expectOracles([one, two]);
  }));

test('BAS-25 what changes while a pair is paused is synced after it resumes, and not before', async () => {
  const [one, two] = await world.pairs();
  one.files.write('f', '1');
  await one.start();
  await two.start();
  await one.quiet();
  await eventually(() => two.files.has('f'), { what: 'the first file' });
  one.now.pair.pause();
  one.now.faults.resetCalls();
  one.files.write('f', '22');
  one.files.write('g', '333');
  // A run by command finds the pair paused as well.
  expect(await one.now.pair.sync()).toMatchObject({ isConverged: false, operations: 0 });
  expect(one.now.pair.status().state).toBe('paused');
  expect(one.now.faults.calls).toEqual([]);
  one.now.pair.resume();
  await eventually(() => two.files.has('g') && two.files.read('f') === '22', { what: 'both changes' });
  await one.sync();
  await two.sync();
  expect(two.files.tree()).toEqual({ f: '22', g: '333' });
  await expectOracles([one, two]);
});
