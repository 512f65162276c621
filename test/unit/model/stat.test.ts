import { expect, test } from 'vitest';
import { isSameState, type Stat } from '../../../src/model/stat.ts';

/** A file on FAT, where Windows keeps no time of change and no number: its time of birth is all that is its own. */
const file: Stat = {
  kind: 'file',
  size: 5,
  mtimeUs: 1_600_000_000_000_000,
  ctimeUs: 1_600_000_000_000_000,
  birthUs: 1_500_000_000_000_000,
  dev: 0,
  ino: 0,
  exec: false,
  linkCount: 1,
};

test('a file born at another time is another one, though it has the size and times of the one before', () => {
  expect(isSameState(file, { ...file })).toBe(true);
  expect(isSameState(file, { ...file, birthUs: file.birthUs + 10_000 })).toBe(false);
});

test('a time of birth that is not known on one side says nothing', () => {
  expect(isSameState(file, { ...file, birthUs: 0 })).toBe(true);
  expect(isSameState({ ...file, birthUs: 0 }, file)).toBe(true);
});
