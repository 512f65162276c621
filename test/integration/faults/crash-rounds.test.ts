import { expect, test } from 'vitest';
import { crashRounds } from '../../faults/crash-driver.ts';

/** A slice; `npm run crash` goes on for as long as wanted. */
const seconds = Number(process.env['HOLDFAST_CRASH_SECONDS'] ?? 20);

test('CRS-21 clients and server are killed at random instants under load: nothing is lost, and all becomes equal', {
  timeout: 240_000,
}, async () => {
  const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
  const report = await crashRounds({ seed, rounds: 1000, within: seconds * 1000, settleEvery: 1000 });
  expect(report.looks).toBeGreaterThan(0);
});
