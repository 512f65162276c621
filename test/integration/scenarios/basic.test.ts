import { type Row, testRows } from '../../helpers/scenario-rows.ts';

const rows: readonly Row[] = [
  { id: 'BAS-01', promise: 'nothing is nothing', end: {} },
  { id: 'BAS-03', promise: 'an empty file is a file', a: (at) => at.write('f', ''), end: { f: '' } },
  { id: 'BAS-04', promise: 'an empty folder is a folder', a: (at) => at.mkdir('d'), end: { 'd/': '' } },
];

testRows('1 Basic', rows);
