import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import type { PlanContext } from '../../../src/plan/context.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { makePlan } from '../../../src/plan/make-plan.ts';
import { applyPlan, type Contents, sideFaults } from '../../fakes/apply-plan.ts';
import type { MemoryTrees } from '../../fakes/memory-trees.ts';
import { calmGuard } from '../../fakes/plan-world.ts';
import { allIds, buildTrees, rawTrees, textOf } from './arbitrary-trees.ts';

const runs = { numRuns: Number(process.env['PROPERTY_RUNS'] ?? 3000) };

const divergedIn = (trees: MemoryTrees): NodeId[] =>
  trees.ids().filter((id) => isDiverged(trees.local(id), trees.remote(id), trees.synced(id)));

const contextOf = (trees: MemoryTrees, change: Partial<PlanContext> = {}): PlanContext => ({
  deviceName: 'Here',
  nameRules: trees.rules,
  isBlocked: () => false,
  guard: calmGuard,
  ...change,
});

function makeContents(): Contents {
  let counter = 0;
  return { of: textOf, freshId: () => `f${(++counter).toString(16).padStart(31, '0')}` as NodeId };
}

const anyOrder = fc.infiniteStream(fc.nat(1000));

describe('any three trees', () => {
  it('give a plan of which each operation is possible in its turn, and after a few rounds they agree', () => {
    fc.assert(
      fc.property(rawTrees, fc.boolean(), (raw, isUpFirst) => {
        const trees = buildTrees(raw);
        const contents = makeContents();
        for (let round = 0; divergedIn(trees).length > 0; round++) {
          expect(round).toBeLessThan(8);
          applyPlan(trees, makePlan(trees, divergedIn(trees), contextOf(trees)), contents, { upNext: () => isUpFirst });
          expect(sideFaults(trees)).toEqual([]);
        }
        expect(trees.locals().length).toBe(trees.remotes().length);
      }),
      runs,
    );
  });

  it('give the same plan whatever the order in which nodes are named, agreeing ones included', () => {
    fc.assert(
      fc.property(rawTrees, anyOrder, (raw, numbers) => {
        const trees = buildTrees(raw);
        const plan = makePlan(trees, divergedIn(trees), contextOf(trees));
        const keys = new Map(allIds.map((id) => [id, numbers.next().value]));
        const shuffled = [...allIds, ...allIds].sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0));
        expect(makePlan(trees, shuffled, contextOf(trees))).toEqual(plan);
      }),
      runs,
    );
  });

  it('never lose what has no base, and delete only what is as the base says', () => {
    fc.assert(
      fc.property(rawTrees, (raw) => {
        const trees = buildTrees(raw);
        const plan = makePlan(trees, divergedIn(trees), contextOf(trees));
        for (const { node, type } of [...plan.up, ...plan.down]) {
          const synced = trees.synced(node);
          if (type === 'up-delete') {
            expect(synced).not.toBeNull();
            expect(trees.local(node)).toBeNull();
            expect(trees.remote(node)?.revision).toBe(synced?.revision);
          }
          if (type === 'down-delete') {
            expect(synced).not.toBeNull();
            expect(trees.remote(node)).toBeNull();
            expect(trees.local(node)?.revision).toBe(synced?.revision);
          }
        }
      }),
      runs,
    );
  });

  it('leave blocked nodes alone, and what is planned around them is possible', () => {
    fc.assert(
      fc.property(rawTrees, fc.subarray([...allIds]), fc.boolean(), (raw, blockedIds, isUpFirst) => {
        const trees = buildTrees(raw);
        const contents = makeContents();
        const blocked = new Set(blockedIds);
        const isBlocked = (node: NodeId): boolean => blocked.has(node);
        for (let round = 0; round < 8; round++) {
          const plan = makePlan(trees, divergedIn(trees), contextOf(trees, { isBlocked }));
          for (const operation of [...plan.settle, ...plan.up, ...plan.down]) {
            // To forget the base of what is in a folder that stays changes it on neither side.
            if (operation.rule !== 'move-keeps-content') expect(blocked.has(operation.node)).toBe(false);
          }
          applyPlan(trees, plan, contents, { upNext: () => isUpFirst });
          expect(sideFaults(trees)).toEqual([]);
        }
        // Once nothing is blocked any more, the rest follows.
        for (let round = 0; divergedIn(trees).length > 0; round++) {
          expect(round).toBeLessThan(8);
          applyPlan(trees, makePlan(trees, divergedIn(trees), contextOf(trees)), contents);
        }
      }),
      runs,
    );
  });

  it('hold every delete where the guard allows none, and go on with what does not need them', () => {
    fc.assert(
      fc.property(rawTrees, (raw) => {
        const trees = buildTrees(raw);
        const guard = { ...calmGuard, maxDeletes: 0, maxShare: 0 };
        const held = makePlan(trees, divergedIn(trees), contextOf(trees, { guard }));
        const free = makePlan(trees, divergedIn(trees), contextOf(trees));
        expect([...held.up, ...held.down].filter(({ type }) => type.endsWith('delete'))).toEqual([]);
        const deletes = free.down.filter(({ type }) => type === 'down-delete').length;
        expect(held.held.find(({ direction }) => direction === 'down')?.operations.length ?? 0).toBeGreaterThanOrEqual(
          deletes,
        );
        applyPlan(trees, held, makeContents());
        expect(sideFaults(trees)).toEqual([]);
      }),
      runs,
    );
  });
});
