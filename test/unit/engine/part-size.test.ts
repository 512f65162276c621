import { expect, test } from 'vitest';
import { partSize } from '../../../src/engine/loop/part-size.ts';

test('a first sync is planned in larger parts where each of them waits for the way to the server', () => {
  expect(partSize(50)).toBeGreaterThan(partSize(1));
  // Nobody knows yet.
  expect(partSize(0)).toBe(partSize(1));
});
