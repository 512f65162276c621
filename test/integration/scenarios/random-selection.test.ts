import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HoldfastError } from '../../../src/common/errors.ts';
import { isWithin, type RelativePath } from '../../../src/common/relative-path.ts';
import { expectedPath } from '../../../src/engine/local-path.ts';
import { settleAll } from '../../helpers/many-devices.ts';
import { actAtRandom } from '../../helpers/random-person.ts';
import { type RandomSteps, randomSteps } from '../../helpers/random-steps.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { type ScenarioWorld, scenarioWorld } from '../../helpers/scenario-world.ts';

const seeds = Number(process.env['HOLDFAST_SEEDS'] ?? 6);
const firstSeed = Number(process.env['HOLDFAST_SEED'] ?? 1);

/** Takes something off the device, or brings something back; what is not possible now is no change. */
async function chooseAtRandom(steps: RandomSteps, device: ScenarioDevice): Promise<void> {
  const { pair } = device.now;
  const off = (await pair.deselected()).map(({ path }) => path);
  const all = Object.keys(await device.vaultTree()).map((path) => path.replace(/\/$/, ''));
  const isSelected = off.length > 0 && steps.below(2) === 0;
  const from = isSelected ? off : all;
  if (from.length === 0) return;
  try {
    await pair.setSelected(steps.pick(from), isSelected);
  } catch (error) {
    if (!(error instanceof HoldfastError) || (error.kind !== 'missing' && error.kind !== 'usage')) throw error;
  }
}

/** Contents where nothing is synced: a run does not secure them, and what a person removes from there is gone. */
async function unkept(device: ScenarioDevice): Promise<Set<string>> {
  const { pair, index } = device.now;
  const places: RelativePath[] = [];
  for (const { node } of await pair.deselected()) {
    const place = expectedPath(index.read, node);
    if (place !== null) places.push(place);
  }
  const found = Object.entries(device.files.tree()).filter(([path]) =>
    places.some((place) => isWithin(path as RelativePath, place)),
  );
  return new Set(found.map(([, content]) => content));
}

describe('6 Selective sync, at random', () => {
  let world: ScenarioWorld;
  beforeAll(async () => {
    world = await scenarioWorld();
  });
  afterAll(() => world.close());

  describe.concurrent('seeds', () => {
    for (let seed = firstSeed; seed < firstSeed + seeds; seed++) {
      test(`whatever is deselected and selected meanwhile, all is equal and there in the end (seed ${seed})`, async () => {
        const steps = randomSteps(seed);
        const devices = await world.pairs();
        let number = 0;
        for (let step = 0; step < 30; step++) {
          const device = steps.pick(devices);
          await device.open();
          for (let count = steps.below(3); count >= 0; count--) {
            number++;
            actAtRandom(steps, device, `content ${number} ${'x'.repeat(number)}`);
          }
          const what = steps.below(8);
          if (what < 2) await device.sync();
          else if (what < 5) await chooseAtRandom(steps, device);
          else if (what === 5) await device.syncUntilDeath(1 + steps.below(40));
          else if (what === 6) await device.kill();
          if (device.isOpen)
            for (const content of await unkept(device)) (device.secured as Set<string>).delete(content);
        }
        for (const device of devices) {
          await device.open();
          for (const { path } of await device.now.pair.deselected()) await device.now.pair.setSelected(path, true);
        }
        await settleAll(devices);
        for (const device of devices) expect(await device.now.pair.deselected()).toEqual([]);
        await expectOracles(devices);
      });
    }
  });
});
