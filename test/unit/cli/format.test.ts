import { describe, expect, it, vi } from 'vitest';
import { bytesText, countText, durationText, exactTimeText, timeText } from '../../../src/cli/format.ts';
import { table } from '../../../src/cli/table.ts';
import { inLocalTime } from '../../../src/cli/why.ts';
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

  it.each([
    ['Asia/Kolkata', '2026-05-04 15:41:12 +05:30'],
    ['America/St_Johns', '2026-05-04 07:41:12 -02:30'],
    ['UTC', '2026-05-04 10:11:12 +00:00'],
  ])('says times of `why` as a clock in %s shows them, and names as they are', (zone, text) => {
    vi.stubEnv('TZ', zone);
    const time = '2026-05-04T10:11:12.131Z';
    expect(exactTimeText(Date.parse(time))).toBe(text);
    const said = `File ${time} of ${time}, placed there by change 3 of ${time}: 5 bytes of ${time}, revision 0a1b2c3d.`;
    expect(inLocalTime(said)).toBe(
      `File ${time} of ${time}, placed there by change 3 of ${text}: 5 bytes of ${text}, revision 0a1b2c3d.`,
    );
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

  it('has as many rows as a vault has files', () => {
    const rows = Array.from({ length: 300_000 }, (_, i) => [`${i}`, 'x']);
    expect(table(['A', 'N'], rows)).toMatch(/\n299999 {2}x$/);
  });
});
