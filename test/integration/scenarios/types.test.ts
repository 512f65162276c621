import { type Row, testRows } from '../../helpers/scenario-rows.ts';

/** Few enough that the guard, which counts what goes, has nothing to ask. */
const some = Array.from({ length: 12 }, (_, i) => i);

const rows: readonly Row[] = [
  {
    id: 'TYP-02',
    promise: 'a folder becomes a file; what was in it is kept',
    init: (at) => at.write('x/c', '1'),
    a: (at) => {
      at.rm('x');
      at.write('x', '22');
    },
    end: { x: '22' },
  },
  {
    id: 'TYP-03',
    promise: 'an empty folder becomes a file',
    init: (at) => at.mkdir('x'),
    a: (at) => {
      at.rm('x');
      at.write('x', '1');
    },
    end: { x: '1' },
  },
  {
    id: 'TYP-05',
    promise: 'a file and a folder swap names',
    init: (at) => {
      at.write('a', '1');
      at.write('d/c', '22');
    },
    a: (at) => {
      at.mv('a', 't');
      at.mv('d', 'a');
      at.mv('t', 'd');
    },
    end: { 'a/': '', 'a/c': '22', d: '1' },
    sameNode: { a: 'd', d: 'a', 'd/c': 'a/c' },
    maxSent: 0,
  },
  {
    id: 'TYP-06',
    promise: 'a file becomes a folder, and is edited there: both are kept',
    init: (at) => at.write('x', '1'),
    a: (at) => {
      at.rm('x');
      at.mkdir('x');
    },
    b: (at) => at.write('x', '22'),
    end: ({ first }) => (first === 'A' ? { 'x/': '', 'cc(x)': '22' } : { 'cc(x)/': '', x: '22' }),
  },
  {
    id: 'TYP-08',
    promise: 'a file becomes a folder, and is deleted there',
    init: (at) => at.write('x', '1'),
    a: (at) => {
      at.rm('x');
      at.mkdir('x');
    },
    b: (at) => at.rm('x'),
    end: { 'x/': '' },
  },
  {
    id: 'TYP-09',
    promise: 'a folder becomes a file, and is deleted there',
    init: (at) => at.write('x/c', '1'),
    a: (at) => {
      at.rm('x');
      at.write('x', '22');
    },
    b: (at) => at.rm('x'),
    end: { x: '22' },
  },
  {
    id: 'TYP-11',
    promise: 'a folder becomes a file here and another one there: both are kept',
    init: (at) => at.write('x/c', '333'),
    a: (at) => {
      at.rm('x');
      at.write('x', '1');
    },
    b: (at) => {
      at.rm('x');
      at.write('x', '22');
    },
    end: ({ first }) => (first === 'A' ? { x: '1', 'cc(x)': '22' } : { x: '22', 'cc(x)': '1' }),
  },
  {
    id: 'TYP-12',
    promise: 'a new file here, a new folder of that name there: both are kept',
    a: (at) => at.write('n', '1'),
    b: (at) => at.write('n/c', '22'),
    end: ({ first }) =>
      first === 'A' ? { n: '1', 'cc(n)/': '', 'cc(n)/c': '22' } : { 'cc(n)': '1', 'n/': '', 'n/c': '22' },
  },
  {
    id: 'TYP-14',
    promise: 'a folder is renamed here, and replaced by a file there: both are kept',
    init: (at) => at.write('d/c', '1'),
    a: (at) => at.mv('d', 'e'),
    b: (at) => {
      at.rm('d');
      at.write('d', '22');
    },
    end: { 'e/': '', 'e/c': '1', d: '22' },
  },
  {
    id: 'TYP-15',
    promise: 'every type flips at once',
    init: (at) => {
      for (const i of some) {
        at.write(`f${i}`, `file ${i}`);
        at.write(`d${i}/x`, `in ${i}`);
        at.write(`k${i}`, `kept ${i}`);
      }
    },
    a: (at) => {
      for (const i of some) {
        at.rm(`f${i}`);
        at.mkdir(`f${i}`);
        at.rm(`d${i}`);
        at.write(`d${i}`, `was a folder ${i}`);
      }
    },
    end: Object.fromEntries(
      some.flatMap((i) => [
        [`f${i}/`, ''],
        [`d${i}`, `was a folder ${i}`],
        [`k${i}`, `kept ${i}`],
      ]),
    ),
  },
];

testRows('3 Type changes', rows);
