import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linuxRules, macRules, windowsRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';
import { type Edit, edits, perform, unseenContents } from './edits.ts';

const initial = { 'a/a': '1', 'a/b/c': '2', 'a/b/a.txt': '11', b: '22', 'c/': '', 'c/a/b/c': '333' };

const startWith = (list: readonly Edit[], rules = linuxRules): PlanWorld => {
  const world = makePlanWorld(initial, rules);
  for (const edit of list) perform(world, edit);
  return world;
};

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 3000) };

/** A reader of the same bits in the same order for the same case. */
const coin = (bits: readonly boolean[]): (() => boolean) => {
  let at = 0;
  return () => bits[at++ % bits.length] ?? true;
};

const bits = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });

describe('edits on both sides at once', () => {
  it('converge in a few rounds, in any interleaving, and nothing unseen is lost', () => {
    fc.assert(
      fc.property(edits(12), bits, (list, order) => {
        const world = startWith(list);
        const unseen = unseenContents(world);
        world.sync({ upNext: coin(order) });
        expect(world.local.list()).toEqual(world.remote.list());
        const kept = new Set(Object.values(world.local.list()));
        for (const content of unseen) expect(kept).toContain(content);
      }),
      runs,
    );
  });

  it('converge and lose nothing where operations fail at any point', () => {
    fc.assert(
      fc.property(edits(10), bits, fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), (list, order, failures) => {
        const world = startWith(list);
        const unseen = unseenContents(world);
        const fails = coin(failures);
        for (let round = 0; round < 2; round++) {
          try {
            world.sync({ upNext: coin(order), fails, maxRounds: 1 });
          } catch {
            // Not done after one round: that is the point.
          }
        }
        world.sync({ upNext: coin(order) });
        expect(world.local.list()).toEqual(world.remote.list());
        const kept = new Set(Object.values(world.local.list()));
        for (const content of unseen) expect(kept).toContain(content);
      }),
      runs,
    );
  });

  it.each([
    ['Windows', windowsRules],
    ['macOS', macRules],
  ])('converge on %s, where names differ only as far as the disk demands', (_, rules) => {
    fc.assert(
      fc.property(edits(10), (list) => {
        const world = startWith(list, rules);
        const unseen = unseenContents(world);
        world.sync();
        const here = Object.values(world.local.list());
        expect(here.toSorted()).toEqual(Object.values(world.remote.list()).toSorted());
        for (const content of unseen) expect(here).toContain(content);
      }),
      runs,
    );
  });
});
