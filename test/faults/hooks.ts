import { join } from 'node:path';
import { repository } from '../helpers/run.ts';
import type { DiskPlan } from './hooks/disk-faults.ts';
import type { ProcessSetup } from './real-device.ts';

const hook = (name: string): string => join(repository, 'test/faults/hooks', `${name}.ts`);

/** A process whose disk fails as planned. */
export const failingDisk = (plan: DiskPlan): ProcessSetup => ({
  imports: [hook('disk-faults')],
  env: { HOLDFAST_TEST_DISK: JSON.stringify(plan) },
});

/** A process whose wall clock is off by the milliseconds that stand in `file`. */
export const shiftedClock = (file: string): ProcessSetup => ({
  imports: [hook('clock')],
  env: { HOLDFAST_TEST_CLOCK: file },
});

/** A process that waits `factor` times shorter. */
export const inHurry = (factor = 20): ProcessSetup => ({
  imports: [hook('hurry')],
  env: { HOLDFAST_TEST_HURRY: String(factor) },
});

export const both = (one: ProcessSetup, other: ProcessSetup): ProcessSetup => ({
  imports: [...(one.imports ?? []), ...(other.imports ?? [])],
  env: { ...one.env, ...other.env },
});
