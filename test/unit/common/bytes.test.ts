import { expect, test } from 'vitest';
import { fromHex, toHex } from '../../../src/common/bytes.ts';

test.each([0, 1, 16, 32, 1023, 1024, 1025, 100_000])('%i bytes as hexadecimal digits, and back', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
  const text = toHex(bytes);
  expect(text).toBe(Buffer.from(bytes).toString('hex'));
  expect(fromHex(text)).toEqual(bytes);
});
