import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leavingTable, rollOn, sumFilter, weakSum } from '../../../src/chunk/weak-sum.ts';
import { noise } from '../../helpers/delta-world.ts';

test('rolling over any content gives at each place the checksum of that window alone', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), (bytes, length) => {
      fc.pre(bytes.length >= length);
      const roll = { at: 0, sum: weakSum(bytes.subarray(0, length)) };
      const all = { places: new Uint8Array(2 ** 12).fill(3), shift: 20, sums: { has: () => true } };
      while (roll.at < bytes.length - length) {
        const at = roll.at;
        expect(rollOn(bytes, roll, bytes.length - length, length, leavingTable(length), all)).toBe(true);
        expect(roll.at).toBe(at + 1);
        expect(roll.sum).toBe(weakSum(bytes.subarray(roll.at, roll.at + length)));
      }
    }),
  );
});

test('a roll stops at a checksum of the set, and at its end if there is none', () => {
  const bytes = noise(5000, 3);
  const length = 100;
  const wanted = weakSum(bytes.subarray(1234, 1234 + length));
  const sums = sumFilter(new Set([wanted]));
  const roll = { at: 0, sum: weakSum(bytes.subarray(0, length)) };
  expect(rollOn(bytes, roll, 4900, length, leavingTable(length), sums)).toBe(true);
  expect(roll).toEqual({ at: 1234, sum: wanted });
  expect(rollOn(bytes, roll, 4900, length, leavingTable(length), sums)).toBe(false);
  expect(roll.at).toBe(4900);
});

test('a checksum depends on the bytes alone, not on where they lie in memory', () => {
  const bytes = noise(1003, 5);
  const moved = new Uint8Array(1010);
  for (const start of [0, 1, 2, 3, 7]) {
    moved.set(bytes, start);
    expect(weakSum(moved.subarray(start, start + 1003))).toBe(weakSum(bytes));
  }
  expect(weakSum(moved.subarray(1, 1))).toBe(0);
});

test('the checksums stay as they are, since the index keeps them', () => {
  const text = (words: string) => weakSum(new TextEncoder().encode(words));
  expect([weakSum(new Uint8Array()), text('a'), text('holdfast'), weakSum(noise(1000, 1))]).toMatchInlineSnapshot(`
    [
      0,
      1394830373,
      2617245559,
      468343263,
    ]
  `);
});

test('windows that differ have different checksums, in structured data too', () => {
  const sums = new Set<number>();
  let windows = 0;
  for (let place = 0; place < 4096; place += 4) {
    for (const value of [1, 2, 128, 255]) {
      const bytes = new Uint8Array(4096);
      bytes[place] = value;
      sums.add(weakSum(bytes));
      windows++;
    }
  }
  expect(sums.size).toBe(windows);
});
