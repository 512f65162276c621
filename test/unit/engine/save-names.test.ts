import { expect, test } from 'vitest';
import { isBackupName, isUnfinishedName, mayBeBackupName } from '../../../src/engine/observe/save-names.ts';

const backups: readonly (readonly [string, string])[] = [
  ['doc~', 'doc'],
  ['report.txt~', 'report.txt'],
  ['report.txt.~12~', 'report.txt'],
  ['report.bak', 'report.txt'],
  ['report.txt.bak', 'report.txt'],
  ['.report.txt.bak', 'report.txt'],
  ['Report.xlsx.tmp', 'Report.xlsx'],
  ['Report.xlsx~RF1a2b3c.TMP', 'Report.xlsx'],
  ['~report.txt', 'report.txt'],
  ['Backup of report.wbk', 'report.wbk'],
  ['5BD2A9F1.tmp', 'Report.xlsx'],
  ['~WRL0002.tmp', 'Report.docx'],
  ['Main.java___jb_old___', 'Main.java'],
];

test.each(backups)('%s is a former state of %s', (name, original) => {
  expect(isBackupName(name, original)).toBe(true);
  expect(mayBeBackupName(name)).toBe(true);
});

test.each([
  ['other.txt', 'report.txt'],
  ['other.txt~', 'report.txt'],
  ['report.txt', 'report.txt'],
  ['report 2.txt', 'report.txt'],
  ['report.md', 'report.txt'],
  ['a~b', 'a'],
  ['5bd2a9f1', 'Report.xlsx'],
])('%s is none of %s', (name, original) => {
  expect(isBackupName(name, original)).toBe(false);
});

test.each([
  '.big.iso.Xa81dQ',
  'sedk3LhRA',
  'A1B2C3D4',
  '~WRD0003.tmp',
  'lu7465xyz.tmp',
  'Main.java___jb_tmp___',
  '#notes#',
])('%s is not finished', (name) => {
  expect(isUnfinishedName(name)).toBe(true);
});

test.each(['report.txt', '.bashrc', '.config.json', '2024', 'sediment', 'a~', '.eslintrc.js', 'archive.tar'])(
  '%s may be finished',
  (name) => {
    expect(isUnfinishedName(name)).toBe(false);
  },
);
