import { type Row, testRows } from '../../helpers/scenario-rows.ts';

const nfc = 'caf\u00e9';
const nfd = 'cafe\u0301';

/** Nothing in them means anything to us. */
const oddNames = [
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}.txt',
  '\u05e9\u05dc\u05d5\u05dd \u202eabc\u202c.txt',
  '\u{20000}\u{2a6d6}',
  'e\u0301\u0323x',
  'tab\tin it',
  'line\nin it',
  'carriage\rreturn',
  '%2F',
  '%00',
  '-rf',
  '--help',
  '~',
  '~root',
  '#hash#',
  '"double"',
  "'single'",
  '`back`',
  '$HOME',
  'back\\slash',
  '..\\up',
  ' lead',
  'trail ',
  'dot.',
  '...',
  '*?<>|:',
  'CON',
  'nul.txt',
  '\u0001\u007f',
  '\ufeffbom',
  '\ufffd',
  '\u2028',
  '\ufb01',
  '\u212a',
  '.hidden',
  '[a]!',
];

const asFiles = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name, i) => [name, 'x'.repeat(i + 1)]));

const rows: readonly Row[] = [
  {
    id: 'NAM-01',
    promise: 'a change of case is a rename',
    init: (at) => at.write('f', '1'),
    a: (at) => at.mv('f', 'F'),
    end: { F: '1' },
    maxSent: 0,
  },
  {
    id: 'NAM-01',
    promise: 'a change of case of a folder is a rename',
    init: (at) => at.write('d/f', '1'),
    a: (at) => at.mv('d', 'D'),
    timings: ['offline', 'killed'],
    end: { 'D/': '', 'D/f': '1' },
    maxSent: 0,
  },
  {
    id: 'NAM-03',
    promise: 'case tells names apart where disks do',
    a: (at) => {
      at.write('a.txt', '1');
      at.write('A.txt', '22');
    },
    end: { 'a.txt': '1', 'A.txt': '22' },
  },
  {
    id: 'NAM-09',
    promise: 'composed and decomposed names keep their bytes',
    a: (at) => at.write(nfc, '1'),
    b: (at) => at.write(`d-${nfd}`, '22'),
    end: { [nfc]: '1', [`d-${nfd}`]: '22' },
  },
  {
    id: 'NAM-09',
    promise: 'a name keeps its bytes through an edit elsewhere',
    init: (at) => at.write(nfd, '1'),
    a: (at) => at.write(nfd, '22'),
    timings: ['offline', 'live'],
    end: { [nfd]: '22' },
  },
  {
    id: 'NAM-10',
    promise: 'two Unicode forms of one name in one folder: both contents, two names',
    a: (at) => {
      at.write(nfc, '1');
      at.write(nfd, '22');
    },
    end: [
      { [nfc]: '1', [`cc(${nfd})`]: '22' },
      { [nfd]: '22', [`cc(${nfc})`]: '1' },
    ],
  },
  {
    id: 'NAM-10',
    promise: 'one Unicode form here, the other there: both contents, never one after the other',
    a: (at) => at.write(nfc, '1'),
    b: (at) => at.write(nfd, '22'),
    end: ({ first }) => (first === 'A' ? { [nfc]: '1', [`cc(${nfd})`]: '22' } : { [nfd]: '22', [`cc(${nfc})`]: '1' }),
  },
  {
    id: 'NAM-12',
    promise: 'odd names arrive byte for byte, as files and as folders',
    a: (at) => {
      for (const [name, content] of Object.entries(asFiles(oddNames))) {
        at.write(name, content);
        at.write(`folders/${name}/${name}`, content);
      }
    },
    end: {
      ...asFiles(oddNames),
      'folders/': '',
      ...Object.fromEntries(oddNames.map((name) => [`folders/${name}/`, ''])),
      ...Object.fromEntries(Object.entries(asFiles(oddNames)).map(([name, text]) => [`folders/${name}/${name}`, text])),
    },
  },
  {
    id: 'NAM-12',
    promise: 'odd names are moved, edited and deleted like any others',
    init: (at) => {
      for (const name of oddNames) at.write(`d/${name}`, name);
    },
    a: (at) => {
      at.mv('d', 'e');
      at.rm(`e/${oddNames[5]}`);
      at.write(`e/${oddNames[6]}`, 'edited');
      at.mv(`e/${oddNames[7]}`, `e/${oddNames[7]}${oddNames[0]}`);
    },
    timings: ['offline', 'killed'],
    end: {
      'e/': '',
      ...Object.fromEntries(oddNames.filter((_, i) => i < 5 || i > 7).map((name) => [`e/${name}`, name])),
      [`e/${oddNames[6]}`]: 'edited',
      [`e/${oddNames[7]}${oddNames[0]}`]: String(oddNames[7]),
    },
  },
  {
    id: 'NAM-21',
    promise: 'names like those that we make are ordinary names of a person',
    a: (at) => {
      at.write('.~abcdefgh', '1');
      at.write('f (~1).txt', '22');
      at.write('f (~2).txt', '333');
      at.write('.holdfast-notes', '4444');
      at.write('sub/marker', '55555');
      at.write('sub/stage/0123456789abcdef0123456789abcdef', '666666');
      at.write('sub/trash/1/f', '7777777');
      at.write('q (conflict from me, 2020-01-01 00.00.00).txt', '88888888');
      at.write('index.db', '999999999');
    },
    timings: ['offline', 'killed'],
    end: {
      '.~abcdefgh': '1',
      'f (~1).txt': '22',
      'f (~2).txt': '333',
      '.holdfast-notes': '4444',
      'sub/': '',
      'sub/marker': '55555',
      'sub/stage/': '',
      'sub/stage/0123456789abcdef0123456789abcdef': '666666',
      'sub/trash/': '',
      'sub/trash/1/': '',
      'sub/trash/1/f': '7777777',
      'cc(q.txt)': '88888888',
      'index.db': '999999999',
    },
  },
];

testRows('5 Names', rows);
