import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { linuxRules, macRules, windowsRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';
import { assertKept, initial } from './edit-properties.ts';
import { type Edit, edits, perform } from './edits.ts';
import { type PlanProperty, property } from './property.ts';

/** Contents that only this device has. */
const fresh = (world: PlanWorld): string[] =>
  world.trees
    .locals()
    .flatMap((row) =>
      row.revision === null || row.revision === world.trees.synced(row.id)?.revision
        ? []
        : [world.contents.of(row.revision)],
    );

/** All devices of one vault, in turn, until none has anything to do. */
function settle(devices: readonly PlanWorld[]): void {
  for (let turn = 0; devices.some((device) => device.diverged().length > 0); turn++) {
    assert.ok(turn < 8 * devices.length, `still busy after ${turn} turns`);
    devices[turn % devices.length]?.sync();
  }
}

const performAll = (devices: readonly PlanWorld[], list: readonly Edit[], who: readonly number[]): string[] => {
  for (const [index, edit] of list.entries()) {
    const device = devices[who[index] ?? 0];
    if (device !== undefined) perform(device, { ...edit, side: 'local' });
  }
  return devices.flatMap(fresh);
};

const someone = (count: number) => fc.array(fc.nat(2), { minLength: count, maxLength: count });

/** What holds for three devices of one vault, whoever comes first and however far. */
export const deviceProperties: readonly PlanProperty[] = [
  property(
    'three devices agree in the end, whoever comes first and however far, and keep what each made',
    [edits(15), someone(15), fc.array(fc.nat(2), { maxLength: 6 })],
    (list, who, order) => {
      const first = makePlanWorld(initial);
      const devices = [first, first.twin('Second'), first.twin('Third')];
      const made = performAll(devices, list, who);
      for (const turn of order) devices[turn]?.round();
      settle(devices);
      const end = first.local.list();
      for (const device of devices) assert.deepEqual(device.local.list(), end);
      assert.deepEqual(first.remote.list(), end);
      assertKept(made, Object.values(end));
    },
  ),

  property('three devices agree where each disk has its own idea of a name', [edits(12), someone(12)], (list, who) => {
    const first = makePlanWorld(initial, linuxRules);
    const devices = [first, first.twin('Mac', macRules), first.twin('Windows', windowsRules)];
    const made = performAll(devices, list, who);
    settle(devices);
    const end = Object.values(first.remote.list()).toSorted();
    for (const device of devices) assert.deepEqual(Object.values(device.local.list()).toSorted(), end);
    assertKept(made, end);
  }),
];
