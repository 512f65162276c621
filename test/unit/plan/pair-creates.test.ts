import { describe, expect, it, test } from 'vitest';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';

/** Three spellings of one name, which a disk of Linux tells apart and no vault does. */
const [composed, mixed, decomposed] = ['\u1ebf', '\u00ea\u0301', 'e\u0302\u0301'] as const;

/** For each pair that a plan makes: what is here, and what it is said to be. */
const pairs = (world: PlanWorld): [string, string][] =>
  world
    .plan()
    .settle.flatMap((op): [string, string][] =>
      op.type === 'adopt' ? [[op.node, op.as]] : op.type === 'compare' ? [[op.node, op.with]] : [],
    );

describe('what is new here is nothing of the vault', () => {
  it('that was deleted there itself: it comes back, with its own history', () => {
    const world = makePlanWorld({ f: 'old' });
    const gone = world.remote.id('f');
    world.remote.rm('f');
    // As after `restore` was chosen for a delete that waited.
    world.trees.removeSynced(gone);
    world.remote.write('f', 'new');
    expect(pairs(world)).toEqual([]);
    world.sync();
    expect(Object.values(world.remote.list()).sort()).toEqual(['new', 'old']);
    expect(world.trees.remote(gone)).not.toBeNull();
  });

  it('that waits after a failure', () => {
    const world = makePlanWorld();
    world.remote.write('f', 'new');
    world.local.write('f', 'own');
    const there = world.remote.id('f');
    expect(pairs(world)).toEqual([[world.local.id('f'), there]]);
    world.context = { ...world.context, isBlocked: (node) => node === there };
    expect(pairs(world)).toEqual([]);
  });

  it('that another one here is already', () => {
    const world = makePlanWorld();
    world.remote.write(composed, 'there');
    world.local.write(mixed, 'here1').write(decomposed, 'here2');
    expect(pairs(world)).toHaveLength(1);
    world.sync();
    expect(Object.values(world.remote.list()).sort()).toEqual(['here1', 'here2', 'there']);
  });
});

/** Ids decide where nothing else does: each holds whichever is the lower one. */
const shifts = [0, 1, 2, 3, 4, 5];

const shifted = (shift: number, initial: Record<string, string> = {}): PlanWorld => {
  const fillers = Object.fromEntries(Array.from({ length: shift }, (_, at) => [`filler ${at}`, '']));
  return makePlanWorld({ ...fillers, ...initial });
};

test.each(shifts)('the one that is spelled as in the vault is the vault’s (%d)', (shift) => {
  const world = shifted(shift);
  world.remote.write(composed, 'there');
  world.local.write(decomposed, 'here1').write(composed, 'here2');
  expect(pairs(world)).toEqual([[world.local.id(composed), world.remote.id(composed)]]);
});

test.each(shifts)('of two that come to one name in the vault, the one with a past keeps it (%d)', (shift) => {
  const world = shifted(shift, { f: 'with a past' });
  world.local.write(decomposed, 'new').mv('f', composed);
  world.sync();
  expect(world.remote.list()[composed]).toBe('with a past');
  expect(Object.values(world.remote.list())).toContain('new');
});
