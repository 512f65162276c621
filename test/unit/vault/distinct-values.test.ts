import { expect, test } from 'vitest';
import { distinctValues } from '../../../src/vault/distinct-values.ts';

/** More than fit into two blocks. */
const many = 40_000;

const value = (first: number, second: number): Uint8Array => {
  const bytes = new Uint8Array(16);
  new DataView(bytes.buffer).setFloat64(0, first);
  new DataView(bytes.buffer).setFloat64(8, second);
  return bytes;
};

test.each([0, 1, many])('%i different values are different', (count) => {
  const values = distinctValues();
  for (let i = 0; i < count; i++) values.add(value(i, 7));
  expect(values.hasRepeated()).toBe(false);
});

test.each([0, 1, 16_383, 16_384, many - 1])('value %i is found again', (at) => {
  const values = distinctValues();
  for (let i = 0; i < many; i++) values.add(value(i, 7));
  values.add(value(at, 7));
  expect(values.hasRepeated()).toBe(true);
});

test('values that only begin alike are different', () => {
  const values = distinctValues();
  for (let i = 0; i < 1000; i++) values.add(value(i % 10, i));
  expect(values.hasRepeated()).toBe(false);
  values.add(value(3, 993));
  expect(values.hasRepeated()).toBe(true);
});

test('of longer values the first 16 bytes count', () => {
  const values = distinctValues();
  const long = new Uint8Array(32).fill(1);
  values.add(long);
  values.add(long.with(31, 2));
  expect(values.hasRepeated()).toBe(true);
});
