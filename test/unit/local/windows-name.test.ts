import { expect, it } from 'vitest';
import { isWindowsName } from '../../../src/local/windows-name.ts';

it.each([
  'C:x',
  'a:stream',
  '\\\\?\\x',
  'a\\b',
  'a/b',
  'a*',
  'a?',
  'a|b',
  '"',
  '<a>',
  'tab\there',
  'end.',
  'end ',
  'CON',
  'nul',
  'com1.txt',
  'AUX.c',
  'lpt\u00b2',
  'con .txt',
  'CONOUT$',
])('Windows does not take %j for a plain name', (name) => {
  expect(isWindowsName(name)).toBe(false);
});

it.each(['a', 'a b.txt', ' lead', '.gitignore', 'console', 'com10', 'nul-l', 'ä…\u202e', 'a.con', '...a'])(
  'Windows takes %j for a plain name',
  (name) => {
    expect(isWindowsName(name)).toBe(true);
  },
);
