import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import { defaultGuard } from '../../../src/plan/context.ts';
import { countPlan } from '../../../src/plan/count-plan.ts';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';

const approveNone = {
  approvedUp: () => false,
  approvedDown: () => false,
  heldUp: () => false,
  heldDown: () => false,
  recentUp: 0,
  recentDown: 0,
};

function guardedWorld(files: number, initial: Record<string, string> = {}): PlanWorld {
  const many = Object.fromEntries(Array.from({ length: files }, (_, index) => [`d/${index}`, `${index}`]));
  const world = makePlanWorld({ ...many, ...initial });
  const guard = { ...defaultGuard, ...approveNone, syncedCount: world.trees.synceds().length };
  world.context = { ...world.context, guard };
  return world;
}

describe('the guard of deletes', () => {
  it.each(['up', 'down'] as const)('SAF-02: holds an emptied folder, %s, and says each node', (direction) => {
    const world = guardedWorld(100);
    world[direction === 'up' ? 'local' : 'remote'].rm('d');
    const plan = world.plan();
    expect(plan.up).toEqual([]);
    expect(plan.down).toEqual([]);
    expect(plan.held).toMatchObject([{ direction }]);
    expect(plan.held[0]?.operations).toHaveLength(101);
    expect(countPlan(plan)).toMatchObject({ held: 101, deletesUp: 0, deletesDown: 0 });
  });

  it('holds a small pair that was emptied, but not a handful of files', () => {
    const small = guardedWorld(12);
    small.local.rm('d');
    expect(countPlan(small.plan()).held).toBe(13);
    const tiny = guardedWorld(3);
    tiny.local.rm('d');
    expect(countPlan(tiny.plan())).toMatchObject({ held: 0, deletesUp: 4 });
  });

  it.each([
    [50, 100, 0],
    [51, 102, 51],
    [51, 103, 0],
    [9, 9, 0],
    [10, 10, 10],
    [12, 13, 0],
  ])('of %d deletes where %d nodes are synced %d wait', (deletes, syncedCount, held) => {
    const world = guardedWorld(60);
    world.context = { ...world.context, guard: { ...world.context.guard, syncedCount } };
    for (let index = 0; index < deletes; index++) world.local.rm(`d/${index}`);
    expect(countPlan(world.plan())).toMatchObject({ held, deletesUp: deletes - held });
  });

  it.each([
    // What went lately, and what goes now, of those that are left.
    [40, 11, 62, 11],
    [40, 10, 60, 0],
    [40, 11, 63, 0],
    [9, 1, 1, 1],
    [8, 1, 1, 0],
    [100, 0, 60, 0],
  ])('of deletes that go bit by bit, %d lately and %d now of %d nodes, %d wait', (recent, deletes, left, held) => {
    for (const direction of ['up', 'down'] as const) {
      const world = guardedWorld(60);
      const guard = { ...world.context.guard, syncedCount: left };
      world.context = {
        ...world.context,
        guard: { ...guard, [direction === 'up' ? 'recentUp' : 'recentDown']: recent },
      };
      for (let index = 0; index < deletes; index++) world[direction === 'up' ? 'local' : 'remote'].rm(`d/${index}`);
      expect(countPlan(world.plan()).held).toBe(held);
    }
  });

  it('SAF-05: a single file that was the only one is not held, deleted or renamed', () => {
    const world = makePlanWorld({ f: '1' });
    world.context = { ...world.context, guard: { ...defaultGuard, ...approveNone, syncedCount: 1 } };
    world.local.rm('f');
    expect(world.plan()).toMatchObject({ held: [], up: [{ type: 'up-delete' }] });
  });

  it('SAF-06, MOV-03: a move of everything is one operation and no delete', () => {
    const world = guardedWorld(100);
    world.local.mv('d', 'e/d');
    expect(world.plan()).toMatchObject({ held: [], up: [{ type: 'up-create-folder' }, { type: 'up-place' }] });
    world.sync();
    expect(world.remote.list()).toEqual(world.local.list());
  });

  it('lets go a large delete that is a small share', () => {
    const world = guardedWorld(300, { 'e/x': '1' });
    for (let index = 0; index < 100; index++) world.local.rm(`d/${index}`);
    expect(countPlan(world.plan())).toMatchObject({ held: 0, deletesUp: 100 });
  });

  it('goes on with everything else, and lets a name wait for its delete', () => {
    const world = guardedWorld(100, { keep: '1', 'e/x': '2' });
    world.local.rm('d').write('d', 'a file now').write('keep', '11').write('new', '3').mv('e/x', 'x');
    const plan = world.plan();
    expect(plan.up.map(({ type }) => type).toSorted()).toEqual(['up-create-file', 'up-place', 'up-revise']);
    expect(plan.held).toHaveLength(1);
  });

  it('counts what waits as well: of a folder that was emptied nothing goes ahead of the rest (CRS-13)', () => {
    const world = guardedWorld(100);
    world.local.mkdir('empty');
    world.sync();
    const files = new Set(world.trees.synceds().flatMap(({ id, kind }) => (kind === 'file' ? [id] : [])));
    world.local.rm('d').rm('empty');
    world.context = { ...world.context, isBlocked: (node) => files.has(node) };
    expect(world.plan()).toMatchObject({ up: [], down: [], held: [{ direction: 'up' }] });
  });

  it('does not count what waits and was allowed', () => {
    const world = guardedWorld(100);
    const files = world.trees.synceds().flatMap(({ id, kind }) => (kind === 'file' ? [id] : []));
    const waiting = new Set(files.slice(0, 60));
    for (let index = 0; index < 65; index++) world.local.rm(`d/${index}`);
    const isAllowed = (node: NodeId): boolean => waiting.has(node);
    const guard = { ...world.context.guard, approvedUp: isAllowed };
    world.context = { ...world.context, guard, isBlocked: isAllowed };
    expect(countPlan(world.plan())).toMatchObject({ held: 0, deletesUp: 5 });
  });

  it.each(['up', 'down'] as const)(
    'asks on, %s, whatever is added to the rest, but about nothing else',
    (direction) => {
      const world = guardedWorld(100);
      const side = world[direction === 'up' ? 'local' : 'remote'];
      for (let index = 0; index < 60; index++) side.rm(`d/${index}`);
      const held = new Set<NodeId>(world.plan().held.flatMap(({ operations }) => operations.map(({ node }) => node)));
      expect(held.size).toBe(60);
      side.rm('d/60');
      const isHeld = { [direction === 'up' ? 'heldUp' : 'heldDown']: (node: NodeId) => held.has(node) };
      world.context = { ...world.context, guard: { ...world.context.guard, ...isHeld, syncedCount: 1000 } };
      const counts = { held: 60, deletesUp: Number(direction === 'up'), deletesDown: Number(direction === 'down') };
      expect(countPlan(world.plan())).toMatchObject(counts);
    },
  );

  it('takes approval node by node', () => {
    const world = guardedWorld(100);
    world.local.rm('d');
    const held = new Set<NodeId>(world.plan().held.flatMap(({ operations }) => operations.map(({ node }) => node)));
    const guard = { ...world.context.guard, approvedUp: (node: NodeId) => held.has(node) };
    world.context = { ...world.context, guard };
    expect(world.plan()).toMatchObject({ held: [], up: [{ type: 'up-delete', nodes: 101 }] });
  });
});

describe('countPlan', () => {
  it('counts nodes, not operations', () => {
    const world = makePlanWorld({ a: '1', b: '2', c: '3', 'd/x': '4', 'd/y': '5', e: '6' });
    world.local.mv('a', 'a2').write('a2', '11').write('b', 'here').rm('d').write('new', '7');
    world.remote.write('b', 'there!').write('c', '33').rm('e').write('other', '8');
    expect(countPlan(world.plan())).toEqual({
      up: 2,
      down: 2,
      deletesUp: 3,
      deletesDown: 1,
      conflicts: 1,
      compares: 0,
      held: 0,
    });
  });
});
