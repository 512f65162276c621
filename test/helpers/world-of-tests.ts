import { afterAll, beforeAll, expect } from 'vitest';
import { must } from '../../src/common/errors.ts';
import { type ScenarioWorld, scenarioWorld } from './scenario-world.ts';

/** One world for all tests of a file; and nothing that they planted is found on the server afterwards. */
export function worldOfTests(deviceCount?: number): Pick<ScenarioWorld, 'server' | 'pairs' | 'leaks'> {
  let world: ScenarioWorld | null = null;
  const now = (): ScenarioWorld => must(world, 'the world begins with the first test');
  beforeAll(async () => {
    world = await scenarioWorld(deviceCount);
  });
  afterAll(async () => {
    expect(await now().leaks()).toEqual([]);
    await now().close();
  });
  return {
    get server() {
      return now().server;
    },
    pairs: (setups) => now().pairs(setups),
    leaks: (extra) => now().leaks(extra),
  };
}
