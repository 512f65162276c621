import { afterAll, beforeAll, describe, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { settleAll } from '../../helpers/many-devices.ts';
import { actAtRandom } from '../../helpers/random-person.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { type ScenarioWorld, scenarioWorld } from '../../helpers/scenario-world.ts';

const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 6);
const firstSeed = Number(process.env['HOLDFAST_SEED'] ?? 1);
describe('CON-43 random histories of two devices', () => {
  let world: ScenarioWorld;
  beforeAll(async () => {
    world = await scenarioWorld();
  });
  afterAll(() => world.close());

  describe.concurrent('seeds', () => {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      test(`by command, with processes that end at any moment (seed ${seed})`, async () => {
        const steps = randomSteps(seed);
        const devices = await world.pairs();
        let number = 0;
        for (let step = 0; step < 24; step++) {
          const device = steps.pick(devices);
          for (let count = steps.below(4); count >= 0; count--) {
            number++;
            actAtRandom(steps, device, `content ${number} ${'x'.repeat(number)}`);
          }
          const what = steps.below(6);
          if (what === 0) await device.sync();
          else if (what === 1) await device.syncUntilDeath(1 + steps.below(40));
          else if (what === 2) await device.kill();
        }
        await settleAll(devices);
        await expectOracles(devices);
      });

      test(`both watching, while networks hang (seed ${seed})`, async () => {
        const steps = randomSteps(1000 + seed);
        const devices = await world.pairs();
        for (const device of devices) await device.start();
        let number = 0;
        for (let step = 0; step < 24; step++) {
          const device = steps.pick(devices);
          const { faults } = device.now;
          if (steps.below(4) === 0) faults.hold();
          for (let count = steps.below(4); count >= 0; count--) {
            number++;
            actAtRandom(steps, device, `content ${number} ${'x'.repeat(number)}`);
          }
          // How far the pairs get meanwhile is up to chance; what must hold at the end is not.
          await systemClock.sleep(steps.below(40));
          if (steps.below(2) === 0) faults.release();
        }
        for (const device of devices) {
          device.now.faults.release();
          // From here on by command, so that what a run did is what it reports.
          await device.close();
        }
        await settleAll(devices);
        await expectOracles(devices);
      });
    }
  });
});
