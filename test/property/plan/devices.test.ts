import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxRules, macRules, windowsRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';
import { edits, perform } from './edits.ts';

const initial = { 'a/a': '1', 'a/b/c': '2', 'a/b/a.txt': '11', b: '22', 'c/': '', 'c/a/b/c': '333' };
const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 2000) };

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
    expect(turn).toBeLessThan(8 * devices.length);
    devices[turn % devices.length]?.sync();
  }
}

describe('three devices of one vault', () => {
  it('agree in the end, whoever comes first and however far, and keep what each made', () => {
    const turns = fc.array(fc.nat(2), { maxLength: 6 });
    fc.assert(
      fc.property(edits(15), fc.array(fc.nat(2), { minLength: 15, maxLength: 15 }), turns, (list, who, order) => {
        const first = makePlanWorld(initial);
        const devices = [first, first.twin('Second'), first.twin('Third')];
        for (const [index, edit] of list.entries()) {
          const device = devices[who[index] ?? 0];
          if (device !== undefined) perform(device, { ...edit, side: 'local' });
        }
        const made = devices.flatMap(fresh);
        for (const turn of order) devices[turn]?.round();
        settle(devices);
        const end = first.local.list();
        for (const device of devices) expect(device.local.list()).toEqual(end);
        expect(first.remote.list()).toEqual(end);
        for (const content of made) expect(Object.values(end)).toContain(content);
      }),
      runs,
    );
  });

  it('agree where each disk has its own idea of a name', () => {
    fc.assert(
      fc.property(edits(12), fc.array(fc.nat(2), { minLength: 12, maxLength: 12 }), (list, who) => {
        const first = makePlanWorld(initial, linuxRules);
        const devices = [first, first.twin('Mac', macRules), first.twin('Windows', windowsRules)];
        for (const [index, edit] of list.entries()) {
          const device = devices[who[index] ?? 0];
          if (device !== undefined) perform(device, { ...edit, side: 'local' });
        }
        const made = devices.flatMap(fresh);
        settle(devices);
        const end = Object.values(first.remote.list()).toSorted();
        for (const device of devices) expect(Object.values(device.local.list()).toSorted()).toEqual(end);
        for (const content of made) expect(end).toContain(content);
      }),
      runs,
    );
  });
});
