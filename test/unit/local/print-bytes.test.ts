import { expect, it } from 'vitest';
import { printBytes } from '../../../src/local/print-bytes.ts';

it('shows a name that is no text as text and bytes, each name differently', () => {
  const shown = (...bytes: readonly number[]) => printBytes(Uint8Array.from(bytes));
  expect(shown(0x61, 0xff, 0x62)).toBe('a\\xFFb');
  expect(shown(0x61, 0xfe, 0x62)).toBe('a\\xFEb');
  expect(shown(0xc3, 0xbc, 0xe4, 0x09)).toBe('ü\\xE4\t');
  expect(shown(0xf0, 0x9f, 0x8e, 0x89, 0xf0, 0x9f)).toBe('🎉\\xF0\\x9F');
  expect(shown(0xed, 0xa0, 0x80)).toBe('\\xED\\xA0\\x80');
  expect(shown()).toBe('');
});
