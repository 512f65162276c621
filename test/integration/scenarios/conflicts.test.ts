import { expect, test } from 'vitest';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { bytesOf, type Tree, withoutMarks } from '../../helpers/scenario-files.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { type Order, type Row, type Timing, testRows } from '../../helpers/scenario-rows.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

/** The first on the server keeps the name; the other's content is the copy. */
const both =
  (name: string, contents: { readonly A: string; readonly B: string }) =>
  ({ first, second }: Order): Tree => ({ [name]: contents[first], [`cc(${name})`]: contents[second] });

const longName = `${'ü'.repeat(122)}.text`;

/** One small sealed object; who hears of the other only when its own is on the way sends a second one in vain. */
const oneObject = (timing: Timing): number => (timing === 'live' ? 9000 : 5000);

const rows: readonly Row[] = [
  {
    id: 'CON-01',
    promise: 'edited on both: both are kept',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: (at) => at.write('f', 'BB'),
    end: both('f', { A: 'A', B: 'BB' }),
    sameNode: { f: 'f' },
  },
  {
    id: 'CON-01b',
    promise: 'edited on both to other contents of one size: both are kept',
    init: (at) => at.write('f.txt', '0'),
    a: (at) => at.write('f.txt', 'AA'),
    b: (at) => at.write('f.txt', 'BB'),
    end: both('f.txt', { A: 'AA', B: 'BB' }),
  },
  {
    id: 'CON-02',
    promise: 'edited on both in the same way: no conflict, sent once',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: (at) => at.write('f', 'A'),
    end: { f: 'A' },
    maxSent: oneObject,
  },
  {
    id: 'CON-04',
    promise: 'made on both with the same content, at other times: no conflict',
    a: (at) => at.write('n', 'A'),
    b: (at) => {
      at.write('n', 'A');
      at.touch('n', new Date(2021, 2, 3));
    },
    end: { n: 'A' },
    maxSent: oneObject,
  },
  {
    id: 'CON-04b',
    promise: 'made on both with other contents: both are kept',
    a: (at) => at.write('n', 'A'),
    b: (at) => at.write('n', 'BB'),
    end: both('n', { A: 'A', B: 'BB' }),
  },
  {
    id: 'CON-05',
    promise: 'an edit beats a delete',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: (at) => at.rm('f'),
    end: { f: 'A' },
    sameNode: { f: 'f' },
  },
  {
    id: 'CON-07',
    promise: 'deleted on both is gone',
    init: (at) => at.write('f', '0'),
    a: (at) => at.rm('f'),
    b: (at) => at.rm('f'),
    end: {},
  },
  {
    id: 'CON-08',
    promise: 'an edit follows a rename',
    init: (at) => at.write('f', '0'),
    a: (at) => at.mv('f', 'g'),
    b: (at) => at.write('f', 'BB'),
    end: { g: 'BB' },
    sameNode: { f: 'g' },
  },
  {
    id: 'CON-10',
    promise: 'of two renames the first on the server holds',
    init: (at) => at.write('f', '0'),
    a: (at) => at.mv('f', 'X'),
    b: (at) => at.mv('f', 'Y'),
    end: ({ first }) => (first === 'A' ? { X: '0' } : { Y: '0' }),
    maxSent: 0,
  },
  {
    id: 'CON-11',
    promise: 'the same rename on both is no conflict',
    init: (at) => at.write('f', '0'),
    a: (at) => at.mv('f', 'g'),
    b: (at) => at.mv('f', 'g'),
    end: { g: '0' },
    sameNode: { f: 'g' },
    maxSent: 0,
  },
  {
    id: 'CON-13',
    promise: 'a file renamed to the name of a new one: both are kept',
    init: (at) => at.write('a', '1'),
    a: (at) => at.mv('a', 'n'),
    b: (at) => at.write('n', 'BB'),
    end: both('n', { A: '1', B: 'BB' }),
  },
  {
    id: 'CON-14',
    promise: 'a file moved over another, which is deleted there',
    init: (at) => {
      at.write('a', '1');
      at.write('b', '22');
    },
    a: (at) => at.mv('a', 'b'),
    b: (at) => at.rm('b'),
    end: { b: '1' },
  },
  {
    id: 'CON-16',
    promise: 'two files moved over each other: nothing is lost',
    init: (at) => {
      at.write('a', '1');
      at.write('b', '22');
    },
    a: (at) => at.mv('a', 'b'),
    b: (at) => at.mv('b', 'a'),
    end: { a: '22', b: '1' },
  },
  {
    id: 'CON-17',
    promise: 'a new file in a deleted folder keeps the folder, without what was deleted',
    init: (at) => at.write('d/x', '1'),
    a: (at) => at.rm('d'),
    b: (at) => at.write('d/n', '22'),
    end: { 'd/': '', 'd/n': '22' },
  },
  {
    id: 'CON-19',
    promise: 'a file renamed in a deleted folder keeps the folder',
    init: (at) => at.write('d/a', '1'),
    a: (at) => at.rm('d'),
    b: (at) => at.mv('d/a', 'd/b'),
    end: { 'd/': '', 'd/b': '1' },
  },
  {
    id: 'CON-20',
    promise: 'a file moved out of a deleted folder stays, the folder goes',
    init: (at) => at.write('d/a', '1'),
    a: (at) => at.rm('d'),
    b: (at) => at.mv('d/a', 'out'),
    end: { out: '1' },
  },
  {
    id: 'CON-22',
    promise: 'a rename of an empty folder beats its delete',
    init: (at) => at.mkdir('d'),
    a: (at) => at.rm('d'),
    b: (at) => at.mv('d', 'e'),
    end: { 'e/': '' },
  },
  {
    id: 'CON-23',
    promise: 'a folder renamed within a deleted one stays, with what is in it',
    init: (at) => {
      at.write('o/i/x', '1');
      at.write('o/y', '22');
    },
    a: (at) => at.rm('o'),
    b: (at) => at.mv('o/i', 'o/I'),
    end: { 'o/': '', 'o/I/': '', 'o/I/x': '1' },
  },
  {
    id: 'CON-25',
    promise: 'what was deleted in a renamed folder does not come back',
    init: (at) => at.write('d/x', '1'),
    a: (at) => at.mv('d', 'e'),
    b: (at) => at.rm('d/x'),
    end: { 'e/': '' },
    sameNode: { d: 'e' },
  },
  {
    id: 'CON-26',
    promise: 'what was made in a renamed folder is in it',
    init: (at) => at.write('d/x', '1'),
    a: (at) => at.mv('d', 'e'),
    b: (at) => at.write('d/n', '22'),
    end: { 'e/': '', 'e/x': '1', 'e/n': '22' },
    sameNode: { d: 'e', 'd/x': 'e/x' },
  },
  {
    id: 'CON-28',
    promise: 'a folder and one in it renamed, each on one device',
    init: (at) => at.write('o/i/x', '1'),
    a: (at) => at.mv('o', 'O'),
    b: (at) => at.mv('o/i', 'o/I'),
    end: { 'O/': '', 'O/I/': '', 'O/I/x': '1' },
    sameNode: { o: 'O', 'o/i': 'O/I', 'o/i/x': 'O/I/x' },
    maxSent: 0,
  },
  {
    id: 'CON-29',
    promise: 'a folder and both files in it renamed',
    init: (at) => {
      at.write('d/a', '1');
      at.write('d/b', '22');
    },
    a: (at) => {
      at.mv('d', 'e');
      at.mv('e/a', 'e/a2');
    },
    b: (at) => at.mv('d/b', 'd/b2'),
    end: { 'e/': '', 'e/a2': '1', 'e/b2': '22' },
    sameNode: { d: 'e', 'd/a': 'e/a2', 'd/b': 'e/b2' },
    maxSent: 0,
  },
  {
    id: 'CON-31',
    promise: 'a file moved into a folder that is renamed, and edited',
    init: (at) => {
      at.mkdir('d');
      at.write('f', '1');
    },
    a: (at) => at.mv('d', 'e'),
    b: (at) => {
      at.mv('f', 'd/f');
      at.write('d/f', '22');
    },
    end: { 'e/': '', 'e/f': '22' },
    sameNode: { d: 'e', f: 'e/f' },
  },
  {
    id: 'CON-32',
    promise: 'two folders moved into each other make no circle',
    init: (at) => {
      at.write('x/1', '1');
      at.write('y/2', '22');
    },
    a: (at) => at.mv('x', 'y/x'),
    b: (at) => at.mv('y', 'x/y'),
    end: ({ first }) =>
      first === 'A'
        ? { 'y/': '', 'y/2': '22', 'y/x/': '', 'y/x/1': '1' }
        : { 'x/': '', 'x/1': '1', 'x/y/': '', 'x/y/2': '22' },
    maxSent: 0,
  },
  {
    id: 'CON-34',
    promise: 'many edits here and one there: the last of each is kept, the others are versions',
    init: (at) => at.write('f', '0'),
    a: async (at) => {
      for (let edit = 1; edit <= 5; edit++) {
        at.write('f', `A${edit}${'.'.repeat(edit)}`);
        await at.settle();
      }
    },
    b: (at) => at.write('f', 'B'),
    end: { f: 'A5.....', 'cc(f)': 'B' },
    firsts: ['A'],
    check: async ({ A, B }) => {
      for (const device of [A, B]) expect(await device.now.pair.versions('f')).toHaveLength(6);
    },
  },
  {
    id: 'CON-37',
    promise: 'a conflict copy of a file with a very long name has one that fits, with its extension',
    init: (at) => at.write(longName, '0'),
    a: (at) => at.write(longName, 'A'),
    b: (at) => at.write(longName, 'BB'),
    end: ({ first }) => {
      const contents = { A: 'A', B: 'BB' };
      const copy = `cc(${'ü'.repeat(95)}.text)`;
      return { [longName]: contents[first], [copy]: contents[first === 'A' ? 'B' : 'A'] };
    },
    check: ({ A }) => {
      for (const name of Object.keys(A.files.tree())) {
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(255);
        expect(name.endsWith('.text')).toBe(true);
        expect(name.isWellFormed()).toBe(true);
      }
    },
  },
  {
    id: 'CON-38',
    promise: 'an edit made while the index was lost is not overwritten',
    init: (at) => at.write('f', '0'),
    a: (at) => at.write('f', 'A'),
    b: async (at) => {
      await at.device.loseIndex();
      at.write('f', 'BB');
    },
    end: { f: 'A', 'cc(f)': 'BB' },
    timings: ['offline'],
  },
];

testRows('4 Conflicts', rows);

const world = worldOfTests();

test('CON-35 a conflict copy is an ordinary file: it can be edited, and its original deleted', async () => {
  const [one, two] = await world.pairs();
  one.files.write('f', '0');
  await one.sync();
  await two.sync();
  one.files.write('f', 'A');
  two.files.write('f', 'BB');
  await one.sync();
  expect(await two.sync()).toMatchObject({ conflicts: 1, isConverged: true });
  await one.sync();
  const copy = Object.keys(two.files.tree()).find((name) => name !== 'f') ?? '';
  two.files.write(copy, 'BB, looked over');
  two.files.rm('f');
  await two.sync();
  await one.sync();
  expect(one.files.tree()).toEqual({ [copy]: 'BB, looked over' });
  await expectOracles([one, two]);
});

test('CON-40 an edit that comes first while another one is being sent makes the latter the copy', async () => {
  const [one, two] = await world.pairs();
  one.files.write('f', '0');
  await one.sync();
  await two.sync();
  one.files.write('f', 'A');
  const sends = one.now.faults.holdAt('appendEntry');
  const syncing = one.sync();
  await sends;
  two.files.write('f', 'BB');
  await two.sync();
  one.now.faults.release();
  await syncing;
  await one.sync();
  await two.sync();
  expect(withoutMarks(one.files.tree())).toEqual({ f: 'BB', 'cc(f)': 'A' });
  await expectOracles([one, two]);
});

for (const content of ['A', '11']) {
  test(`CON-41 a save that comes between the last look at a file and its replacement is kept (${content})`, async () => {
    let isArmed = false;
    const disk = (fs: FileSystem): FileSystem => ({
      ...fs,
      placeStaged: (...args) => {
        if (isArmed) one.files.write('f', bytesOf(content));
        isArmed = false;
        return fs.placeStaged(...args);
      },
    });
    const [one, two] = await world.pairs([{ disk }]);
    two.files.write('f', '00');
    await two.sync();
    await one.sync();
    two.files.write('f', 'BBB');
    await two.sync();
    isArmed = true;
    await one.sync();
    expect(isArmed).toBe(false);
    await one.sync();
    await two.sync();
    expect(withoutMarks(two.files.tree())).toEqual({ f: 'BBB', 'cc(f)': content });
    await expectOracles([one, two]);
  });
}

test('CON-43, seed 91 a file that leaves its name at the moment when another one gets it is followed', async () => {
  let isArmed = false;
  const disk = (fs: FileSystem): FileSystem => ({
    ...fs,
    move: (...args) => {
      if (isArmed) one.files.mv('b', 'elsewhere');
      isArmed = false;
      return fs.move(...args);
    },
  });
  const [one, two] = await world.pairs([{ disk }]);
  one.files.write('b', '1');
  await one.sync();
  await two.sync();
  two.files.mv('b', 'y');
  two.files.write('b', '22');
  await two.sync();
  isArmed = true;
  await one.sync();
  expect(isArmed).toBe(false);
  await one.sync();
  await two.sync();
  expect(two.files.tree()).toEqual({ b: '22', y: '1' });
  await expectOracles([one, two]);
});
