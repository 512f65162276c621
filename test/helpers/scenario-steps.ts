import type { Issue } from '../../src/model/status.ts';
import type { DeviceSetup, ScenarioDevice } from './scenario-device.ts';
import type { ScenarioWorld } from './scenario-world.ts';

const maxRounds = 6;

/** Two devices of a new vault, for a row that is told step by step. */
export async function withDevices(
  world: Pick<ScenarioWorld, 'pairs'>,
  setups: readonly DeviceSetup[],
  body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>,
): Promise<void> {
  const [a, b] = await world.pairs(setups);
  try {
    await a.open();
    await b.open();
    await body(a, b);
  } finally {
    await a.close();
    await b.close();
  }
}

/** Runs the devices in turn, in this order, until none has anything left to do. */
export async function inStep(...devices: readonly ScenarioDevice[]): Promise<void> {
  for (let round = 0; round < maxRounds; round++) {
    let isDone = true;
    for (const device of devices) {
      const { isConverged, operations } = await device.sync();
      isDone &&= isConverged && operations === 0;
    }
    if (isDone) return;
  }
  throw new Error(`not in step after ${maxRounds} rounds`);
}

/** What the device shows to its person, by path. */
export async function issuesOf(device: ScenarioDevice): Promise<Record<string, Issue['kind']>> {
  return Object.fromEntries((await device.now.pair.issues()).map(({ path, id, kind }) => [path ?? id, kind]));
}
