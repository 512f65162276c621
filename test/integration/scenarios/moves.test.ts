import { cpSync, statSync, utimesSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Tree } from '../../helpers/scenario-files.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { type Row, testRows } from '../../helpers/scenario-rows.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** More than the guard would let go at once, if a move were taken for deletes. */
const many = numbers(120);
const levels = numbers(8).map((level) =>
  numbers(level + 1)
    .map((i) => `l${i}`)
    .join('/'),
);
const deep = numbers(64).map((i) => `${levels[i % 8]}/f${i}`);
const folders: Tree = Object.fromEntries(levels.map((path) => [`${path}/`, '']));
/** As ids are drawn, any of two folders may be the one that steps aside. */
const tops = ['p', 'q', 'r', 's'];

const rows: readonly Row[] = [
  {
    id: 'MOV-02',
    promise: 'a file moved and renamed is the same file',
    init: (at) => {
      at.write('a/f', '1');
      at.mkdir('b');
    },
    a: (at) => at.mv('a/f', 'b/g'),
    end: { 'a/': '', 'b/': '', 'b/g': '1' },
    sameNode: { 'a/f': 'b/g' },
    maxSent: 0,
  },
  {
    id: 'MOV-03',
    promise: 'a renamed folder is one operation, sends nothing and asks nothing',
    init: (at) => {
      for (const i of many) at.write(`d/f${i}`, `content ${i}`);
    },
    a: (at) => at.mv('d', 'e'),
    end: Object.fromEntries([['e/', ''], ...many.map((i) => [`e/f${i}`, `content ${i}`])]),
    sameNode: { d: 'e', 'd/f7': 'e/f7' },
    maxSent: 0,
    check: async ({ A, B }) => {
      expect(await A.now.pair.activity({ limit: 1, before: null })).toMatchObject([{ changeCount: 1 }]);
      for (const device of [A, B]) expect(await device.now.pair.issues()).toEqual([]);
    },
  },
  {
    id: 'MOV-05',
    promise: 'a folder is renamed, then a file in it',
    init: (at) => at.write('d/f', '1'),
    a: (at) => {
      at.mv('d', 'e');
      at.mv('e/f', 'e/g');
    },
    end: { 'e/': '', 'e/g': '1' },
    sameNode: { d: 'e', 'd/f': 'e/g' },
    maxSent: 0,
  },
  {
    id: 'MOV-06',
    promise: 'three levels renamed, one after the other',
    init: (at) => at.mkdir('p/s/t'),
    a: async (at) => {
      at.mv('p', 'p2');
      await at.settle();
      at.mv('p2/s', 'p2/s2');
      await at.settle();
      at.mv('p2/s2/t', 'p2/s2/t2');
    },
    end: { 'p2/': '', 'p2/s2/': '', 'p2/s2/t2/': '' },
    sameNode: { 'p/s/t': 'p2/s2/t2' },
  },
  {
    id: 'MOV-06b',
    promise: 'three levels renamed at once',
    init: (at) => at.mkdir('p/s/t'),
    a: (at) => {
      at.mv('p', 'p2');
      at.mv('p2/s', 'p2/s2');
      at.mv('p2/s2/t', 'p2/s2/t2');
    },
    end: { 'p2/': '', 'p2/s2/': '', 'p2/s2/t2/': '' },
    sameNode: { 'p/s/t': 'p2/s2/t2' },
  },
  {
    id: 'MOV-08',
    promise: 'there and half way back',
    init: (at) => at.write('a', '1'),
    a: (at) => {
      at.mv('a', 'b');
      at.mv('b', 'c');
      at.mv('c', 'b');
    },
    end: { b: '1' },
    sameNode: { a: 'b' },
    maxSent: 0,
  },
  {
    id: 'MOV-09',
    promise: 'there and back again leaves nothing else',
    init: (at) => at.write('a', '1'),
    a: async (at) => {
      at.mv('a', 'b');
      await at.settle();
      at.mv('b', 'a');
    },
    end: { a: '1' },
    sameNode: { a: 'a' },
    maxSent: 0,
  },
  {
    id: 'MOV-11',
    promise: 'two folders swap names, with what is in them',
    init: (at) => {
      at.write('a/x', '1');
      at.write('b/y', '22');
    },
    a: (at) => {
      at.mv('a', 't');
      at.mv('b', 'a');
      at.mv('t', 'b');
    },
    end: { 'a/': '', 'a/y': '22', 'b/': '', 'b/x': '1' },
    sameNode: { a: 'b', b: 'a', 'a/x': 'b/x' },
    maxSent: 0,
  },
  {
    id: 'MOV-12',
    promise: 'three files of one size and time change places',
    init: (at) => {
      for (const [name, content] of [
        ['a', '11'],
        ['b', '22'],
        ['c', '33'],
      ] as const) {
        at.write(name, content);
        utimesSync(at.at(name), 1_600_000_000, 1_600_000_000);
      }
    },
    a: (at) => {
      at.mv('c', 't');
      at.mv('b', 'c');
      at.mv('a', 'b');
      at.mv('t', 'a');
    },
    end: { a: '33', b: '11', c: '22' },
    sameNode: { a: 'b', b: 'c', c: 'a' },
    maxSent: 0,
  },
  {
    id: 'MOV-14',
    promise: 'folders turned inside out',
    init: (at) => at.write('a/b/c/x', '1'),
    a: (at) => {
      at.mv('a/b/c', 'c');
      at.mv('a/b', 'c/b');
      at.mv('a', 'c/b/a');
    },
    end: { 'c/': '', 'c/b/': '', 'c/b/a/': '', 'c/x': '1' },
    sameNode: { a: 'c/b/a', 'a/b': 'c/b', 'a/b/c': 'c' },
    maxSent: 0,
  },
  {
    id: 'MOV-14',
    promise: 'a folder inside out, all of one name: what leaves it is not out of reach while it steps aside',
    init: (at) => {
      for (const top of tops) at.write(`${top}/d/d/d/x`, top);
    },
    a: (at) => {
      for (const top of tops) {
        at.mv(`${top}/d/d`, 'aside');
        at.mv(`${top}/d`, 'aside/inner');
        at.mv('aside', `${top}/d`);
      }
    },
    end: Object.fromEntries([
      ...tops.flatMap((top) => ['', 'd/', 'd/d/', 'd/inner/'].map((path) => [`${top}/${path}`, ''])),
      ...tops.map((top) => [`${top}/d/d/x`, top]),
    ]),
    sameNode: { 'p/d': 'p/d/inner', 'p/d/d': 'p/d', 'p/d/d/d': 'p/d/d' },
    maxSent: 0,
  },
  {
    id: 'MOV-15',
    promise: 'a file moved over another: what was there is kept in the history',
    init: (at) => {
      at.write('a', '1');
      at.write('b', '22');
    },
    a: (at) => at.mv('a', 'b'),
    end: { b: '1' },
    maxSent: 0,
  },
  {
    id: 'MOV-17',
    promise: 'a file moved away, and a new one in its place',
    init: (at) => at.write('a', '1'),
    a: (at) => {
      at.mv('a', 'b');
      at.write('a', '22');
    },
    end: { a: '22', b: '1' },
    sameNode: { a: 'b' },
  },
  {
    id: 'MOV-18',
    promise: 'a folder moved away, and a new one with the same names in its place',
    init: (at) => {
      at.write('a/f', '1');
      at.write('a/sub/c', '2');
    },
    a: (at) => {
      at.mv('a', 'b');
      at.write('a/f', '11');
      at.write('a/sub/c', '22');
    },
    end: { 'a/': '', 'a/f': '11', 'a/sub/': '', 'a/sub/c': '22', 'b/': '', 'b/f': '1', 'b/sub/': '', 'b/sub/c': '2' },
    sameNode: { a: 'b', 'a/sub/c': 'b/sub/c' },
  },
  {
    id: 'MOV-20',
    promise: 'a folder moved away, and later another one to its place',
    init: (at) => {
      at.write('a/f', '1');
      at.write('b/f', '22');
    },
    a: async (at) => {
      at.mv('a', 'c');
      await at.settle();
      at.mv('b', 'a');
    },
    end: { 'a/': '', 'a/f': '22', 'c/': '', 'c/f': '1' },
    sameNode: { a: 'c', b: 'a' },
    maxSent: 0,
  },
  {
    id: 'MOV-21',
    promise: 'renamed and edited at once',
    init: (at) => at.write('a', '1'),
    a: (at) => {
      at.mv('a', 'b');
      at.write('b', '22');
    },
    end: { b: '22' },
    sameNode: { a: 'b' },
  },
  {
    id: 'MOV-23',
    promise: 'a file deleted, and its folder moved',
    init: (at) => {
      at.write('s/sub/f', '1');
      at.mkdir('d');
    },
    a: (at) => {
      at.rm('s/sub/f');
      at.mv('s/sub', 'd/sub');
    },
    end: { 's/': '', 'd/': '', 'd/sub/': '' },
    sameNode: { 's/sub': 'd/sub' },
  },
  {
    id: 'MOV-24',
    promise: 'a file moved out, and its folder deleted',
    init: (at) => at.write('d/f', '1'),
    a: (at) => {
      at.mv('d/f', 'f');
      at.rm('d');
    },
    end: { f: '1' },
    sameNode: { 'd/f': 'f' },
    maxSent: 0,
  },
  {
    id: 'MOV-26',
    promise: 'two folders whose names begin alike are moved',
    init: (at) => {
      at.write('s/d1/x', '1');
      at.write('s/d12/y', '22');
    },
    a: (at) => {
      at.mv('s/d1', 't/d1');
      at.mv('s/d12', 't/d12');
    },
    end: { 's/': '', 't/': '', 't/d1/': '', 't/d1/x': '1', 't/d12/': '', 't/d12/y': '22' },
    sameNode: { 's/d1': 't/d1', 's/d12/y': 't/d12/y' },
    maxSent: 0,
  },
  {
    id: 'MOV-27',
    promise: 'a deep tree flattened sends nothing',
    init: (at) => {
      for (const path of deep) at.write(path, path);
    },
    a: (at) => {
      for (const path of deep) at.mv(path, path.slice(path.lastIndexOf('/') + 1));
      at.rm('l0');
    },
    end: Object.fromEntries(deep.map((path) => [path.slice(path.lastIndexOf('/') + 1), path])),
    maxSent: 0,
  },
  {
    id: 'MOV-27b',
    promise: 'a flat folder made deep sends nothing',
    init: (at) => {
      for (const path of deep) at.write(path.slice(path.lastIndexOf('/') + 1), path);
    },
    a: (at) => {
      for (const path of deep) at.mv(path.slice(path.lastIndexOf('/') + 1), path);
    },
    end: { ...folders, ...Object.fromEntries(deep.map((path) => [path, path])) },
    maxSent: 0,
  },
  {
    id: 'MOV-29',
    promise: 'a rename is one whichever of its names is listed first',
    init: (at) => {
      at.write('x/m', '1');
      at.write('y/m', '22');
      at.mkdir('w');
      at.mkdir('z');
    },
    a: (at) => {
      at.mv('x/m', 'w/m');
      at.mv('y/m', 'z/m');
    },
    end: { 'w/': '', 'w/m': '1', 'x/': '', 'y/': '', 'z/': '', 'z/m': '22' },
    sameNode: { 'x/m': 'w/m', 'y/m': 'z/m' },
    maxSent: 0,
  },
  {
    id: 'MOV-30',
    promise: 'a new file that got the inode number of a deleted one is no rename',
    init: (at) => at.write('f', '1'),
    a: (at) => {
      const { ino } = statSync(at.at('f'));
      at.rm('f');
      // Where the system gives numbers again, the next file gets this one; elsewhere the row holds all the same.
      for (let i = 0; i < 20; i++) {
        at.write('g', '22');
        if (statSync(at.at('g')).ino === ino) return;
        at.rm('g');
      }
      at.write('g', '22');
    },
    end: { g: '22' },
    check: async ({ A, before }) => {
      expect((await A.ids())['g']).not.toBe(before['f']);
    },
  },
  {
    id: 'MOV-33',
    promise: 'a copied folder is a second one, and sends no content',
    init: (at) => {
      at.write('d/f', '1');
      at.write('d/sub/g', '22');
    },
    a: (at) => cpSync(at.at('d'), at.at('d2'), { recursive: true, preserveTimestamps: true }),
    end: {
      'd/': '',
      'd/f': '1',
      'd/sub/': '',
      'd/sub/g': '22',
      'd2/': '',
      'd2/f': '1',
      'd2/sub/': '',
      'd2/sub/g': '22',
    },
    sameNode: { d: 'd', 'd/f': 'd/f' },
    maxSent: 0,
  },
];

testRows('2 Moves and renames', rows);

const world = worldOfTests();

test('MOV-32 a file renamed while it is downloaded arrives whole, under its new name only', async () => {
  const [one, two] = await world.pairs();
  const content = Buffer.alloc(9_000_000, 'a file of some length, ');
  one.files.write('f', content);
  await one.sync();
  await two.open();
  const asks = two.now.faults.holdAt('getObjects');
  const syncing = two.sync();
  await asks;
  one.files.mv('f', 'g');
  await one.sync();
  two.now.faults.release();
  await syncing;
  expect(await two.sync()).toMatchObject({ isConverged: true, filesDown: 0 });
  expect(Object.keys(two.files.tree())).toEqual(['g']);
  await expectOracles([one, two]);
});
