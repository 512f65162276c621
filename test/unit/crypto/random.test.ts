import { expect, test } from 'vitest';
import { toHex } from '../../../src/common/bytes.ts';
import { systemRandom } from '../../../src/crypto/random.ts';

test('bytes of any length, never the same twice, in memory of their own', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 5000; i++) {
    const bytes = systemRandom.bytes(16 + (i % 64));
    expect(bytes.length).toBe(16 + (i % 64));
    expect(bytes.buffer.byteLength).toBe(bytes.length);
    const text = toHex(bytes);
    expect(text).not.toContain('0'.repeat(24));
    seen.add(text.slice(0, 32));
  }
  expect(seen.size).toBe(5000);
  expect(systemRandom.bytes(0)).toEqual(new Uint8Array());
});

test('each bit is set about half of the time', () => {
  const counts = new Array<number>(256).fill(0);
  for (let i = 0; i < 4000; i++) {
    systemRandom.bytes(32).forEach((byte, at) => {
      for (let bit = 0; bit < 8; bit++)
        if ((byte & (1 << bit)) !== 0) counts[at * 8 + bit] = (counts[at * 8 + bit] ?? 0) + 1;
    });
  }
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(250);
});
