import { expect, test } from 'vitest';
import { racyFrom } from '../../../src/engine/observe/racy-from.ts';

test('a change of the present tick of the clock may be followed by one that looks the same, also on Windows', () => {
  const tick = 15.625;
  for (let count = 1; count <= 64; count++) {
    const changed = 1_900_000_000_000 + count * tick;
    // The last moment before the next tick, as a program reads it: in whole milliseconds.
    const now = Math.floor(changed + tick - 0.001);
    const context = { clock: { now: () => now }, traits: { mtimeStepUs: 1 } } as Parameters<typeof racyFrom>[0];
    expect(racyFrom(context)).toBeLessThanOrEqual(changed * 1000);
  }
});
