import { expect, test } from 'vitest';
import { soak } from '../../soak/soak-driver.ts';

/** A slice; `npm run soak` goes on for as long as wanted. */
const seconds = Number(process.env['HOLDFAST_SOAK_SECONDS'] ?? 10);

test('DSK-01 devices that watch while disks fill and vanish and processes die: nothing is lost, and all comes right by itself', {
  timeout: 600_000,
}, async ({ skip }) => {
  const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
  const report = await soak({ seed, devices: 2, within: seconds * 1000 });
  if (report === null) return skip();
  expect(report.looks).toBeGreaterThan(0);
});
