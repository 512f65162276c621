import { expect, test } from 'vitest';
import { requestSlots } from '../../../src/engine/transfer/request-slots.ts';

function after(answers: readonly number[], roundTrip: number): number {
  const slots = requestSlots(3, 8, () => roundTrip);
  for (const ms of answers) slots.answered(ms);
  return slots.count;
}

const times = (count: number, ms: number): number[] => Array.from({ length: count }, () => ms);

test('answers that come as soon as the way allows are worth another request, up to the most', () => {
  expect(after([], 50)).toBe(3);
  expect(after(times(2, 60), 50)).toBe(5);
  expect(after(times(100, 125), 50)).toBe(8);
});

test('answers that wait for others take one back, down to the least', () => {
  expect(after([...times(4, 60), 250], 50)).toBe(6);
  expect(after([...times(4, 60), ...times(100, 250)], 50)).toBe(3);
});

test('in between the number stays', () => {
  expect(after([...times(2, 60), ...times(100, 180)], 50)).toBe(5);
});

test('on a near line, and while nobody knows how far it is, it stays at the least', () => {
  expect(after(times(100, 12), 2)).toBe(3);
  expect(after(times(100, 0.5), 0)).toBe(3);
});
