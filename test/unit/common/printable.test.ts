import { expect, test } from 'vitest';
import { printable } from '../../../src/common/printable.ts';

test('what would turn a line round, break it or hide in it is shown as an escape', () => {
  expect(printable('invoice\u202efdp.exe')).toBe('invoice\\u{202e}fdp.exe');
  expect(printable('two\nlines\u0007')).toBe('two\\u{a}lines\\u{7}');
  expect(printable('zero\u200bwidth \u2066iso\u2069 \ufeff')).toBe(
    'zero\\u{200b}width \\u{2066}iso\\u{2069} \\u{feff}',
  );
});

test('what belongs to writing stays as it is: markup, emojis that are joined, letters that do without a joint', () => {
  for (const text of [
    '<b>bold</b>',
    'family \u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    'נסיעה.docx',
    '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645',
  ]) {
    expect(printable(text)).toBe(text);
  }
  expect(printable('pay\u200cpal')).toBe('pay\\u{200c}pal');
});
