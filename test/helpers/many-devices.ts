import { systemClock } from '../../src/app/system-clock.ts';
import { actAtRandom } from './random-person.ts';
import { randomSteps } from './random-steps.ts';
import type { ScenarioDevice } from './scenario-device.ts';
import { expectOracles } from './scenario-oracles.ts';
import type { ScenarioWorld } from './scenario-world.ts';

/** As a person does who meant to delete that much. */
export async function allowHeld({ now: { pair } }: ScenarioDevice): Promise<void> {
  for (const { id, kind } of await pair.issues()) if (kind === 'held-deletes') await pair.resolve(id, 'allow');
}

/** Runs all in turn until none has anything to do; what the guard holds is allowed. */
export async function settleAll(devices: readonly ScenarioDevice[], maxRounds = 12): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    let isDone = true;
    for (const device of devices) {
      const result = await device.sync();
      await allowHeld(device);
      isDone &&= result.isConverged && result.operations === 0 && result.held === 0;
    }
    if (isDone) return;
  }
  throw new Error(`not settled after ${maxRounds} rounds`);
}

/**
 * All devices of a world watch while their persons do random things for so many milliseconds, networks hang and processes
 * end (MUL-09); then everything must be the same everywhere, and nothing lost. Gives the number of changes.
 */
export async function manyDevices(world: ScenarioWorld, seed: number, durationMs: number): Promise<number> {
  const steps = randomSteps(seed);
  const devices = await world.pairs();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  let changes = 0;
  try {
    for (const device of devices) await device.start();
    const end = performance.now() + durationMs;
    while (performance.now() < end) {
      const device = steps.pick(devices);
      if (!device.isOpen) await device.start();
      if (steps.below(12) === 0) device.now.faults.hold();
      // Now and then much at once: entries of others come while a plan is carried out.
      for (let count = steps.pick([0, 1, 2, 20]); count >= 0; count--) {
        changes++;
        actAtRandom(steps, device, `content ${changes} ${'x'.repeat(changes % 5000)}`, names);
      }
      // How far they get meanwhile is up to chance; what must hold at the end is not.
      await systemClock.sleep(steps.below(steps.pick([3, 60])));
      if (steps.below(3) === 0) device.now.faults.release();
      if (steps.below(40) === 0) await device.kill();
    }
    for (const device of devices) {
      if (device.isOpen) device.now.faults.release();
      await device.close();
    }
    await settleAll(devices);
    await expectOracles(devices);
  } finally {
    for (const device of devices) await device.close();
  }
  return changes;
}
