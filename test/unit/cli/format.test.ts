import { describe, expect, it } from 'vitest';
import { bytesText, countText, durationText, timeText } from '../../../src/cli/format.ts';
import { table } from '../../../src/cli/table.ts';
import { printable } from '../../../src/common/printable.ts';

describe('numbers and times for people', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [150 * 1024, '150 KiB'],
    [3.5 * 1024 ** 3, '3.5 GiB'],
    [1024 ** 6, '1024 PiB'],
  ])('%d bytes are %s', (bytes, text) => expect(bytesText(bytes)).toBe(text));

  it.each([
    [0.2, '0 s'],
    [59, '59 s'],
    [61, '1 min 01 s'],
    [3600 * 5 + 60 * 7, '5 h 07 min'],
  ])('%d seconds are %s', (seconds, text) => expect(durationText(seconds)).toBe(text));

  it('counts', () => {
    expect([countText(1, 'file'), countText(2, 'file'), countText(0, 'delete')]).toEqual([
      '1 file',
      '2 files',
      '0 deletes',
    ]);
  });

  it('shows a time that no calendar has as unknown', () => {
    expect(timeText(9e15)).toBe('unknown time');
    expect(timeText(0)).toMatch(/^(1970-01-01|1969-12-31) \d\d:\d\d:\d\d$/);
  });
});

describe('[P8] names on a terminal', () => {
  it.each([
    ['plain é 漢字 👩‍🚀.txt', 'plain é 漢字 👩‍🚀.txt'],
    ['a\nb', 'a\\u{a}b'],
    ['\u001b[2Jgone', '\\u{1b}[2Jgone'],
    ['photo\u202egpj.exe', 'photo\\u{202e}gpj.exe'],
    ['zero\u200bwidth', 'zero\\u{200b}width'],
    ['line\u2028end', 'line\\u{2028}end'],
  ])('%j cannot rewrite the line', (name, shown) => expect(printable(name)).toBe(shown));
});

describe('a table', () => {
  it('lines up its columns and has no trailing space', () => {
    expect(
      table(
        ['A', 'N'],
        [
          ['x', '1'],
          ['long', '200'],
        ],
        new Set(['N']),
      ),
    ).toBe('A       N\nx       1\nlong  200');
  });
});
