import { expect, test } from 'vitest';
import { freeMemory } from '../../../src/common/free-memory.ts';

test('large bytes that have their memory for themselves are gone at once', () => {
  const bytes = new Uint8Array(1024 * 1024);
  freeMemory(bytes);
  expect(bytes.length).toBe(0);
  expect(bytes.buffer.detached).toBe(true);
  freeMemory(bytes);
});

test('small bytes and parts of others stay', () => {
  const small = Uint8Array.of(1, 2, 3);
  freeMemory(small);
  expect(small).toEqual(Uint8Array.of(1, 2, 3));
  const whole = new Uint8Array(1024 * 1024).fill(7);
  freeMemory(whole.subarray(5));
  freeMemory(whole.subarray(0, whole.length - 1));
  expect(whole[9]).toBe(7);
  const shared = new Uint8Array(new SharedArrayBuffer(1024 * 1024));
  freeMemory(shared);
  expect(shared.length).toBe(1024 * 1024);
});
