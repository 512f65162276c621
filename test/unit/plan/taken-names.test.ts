import { describe, expect, it } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { NodeId } from '../../../src/common/ids.ts';
import { makePlanWorld, type PlanWorld } from '../../fakes/plan-world.ts';

/** The names that copies and what steps aside are to get. */
const newNames = (world: PlanWorld): string[] =>
  world
    .plan()
    .down.flatMap((op) =>
      op.type === 'down-conflict' ? [op.copyName] : op.type === 'down-set-aside' ? [op.localName] : [],
    );

const wait = (world: PlanWorld, node: NodeId): void => {
  world.context = { ...world.context, isBlocked: (each) => each === node };
};

const changeBoth = (world: PlanWorld, paths: readonly string[]): PlanWorld => {
  for (const path of paths) {
    world.local.write(path, 'here');
    world.remote.write(path, 'there!');
  }
  return world;
};

/** Edited on both sides, or made on both sides. */
const conflicts: Record<string, (...paths: string[]) => PlanWorld> = {
  'a conflict copy': (...paths) =>
    changeBoth(makePlanWorld(Object.fromEntries(paths.map((path) => [path, '1']))), paths),
  'what steps aside': (...paths) => changeBoth(makePlanWorld(), paths),
};

describe.each(Object.entries(conflicts))('%s takes no name', (_, makeWorld) => {
  const [wish] = newNames(makeWorld('f')) as [string];
  const second = wish.replace(/\)$/, ', 2)');

  it('that something here has, also while that waits', () => {
    const world = makeWorld('f');
    world.local.write(wish, 'a person’s');
    wait(world, world.local.id(wish));
    expect(newNames(world)).toEqual([second]);
  });

  it('that something in the vault has, also while that waits', () => {
    const world = makeWorld('f');
    world.remote.write(wish, 'a person’s');
    wait(world, world.remote.id(wish));
    expect(newNames(world)).toEqual([second]);
  });

  it('that another one takes in the same plan', () => {
    // Its own mark gives way to the new one.
    const other = 'f (conflict from X, 2001-01-01 00.00.00)';
    const world = makeWorld('f', other);
    for (const path of ['f', other]) {
      world.trees.putLocal({ ...must(world.trees.local(world.local.id(path))), mtimeUs: 0 });
    }
    const names = newNames(world);
    expect(names).toHaveLength(2);
    expect(new Set(names).size).toBe(2);
  });
});

it('an exchange of names goes by way of a name that nothing has', () => {
  const exchange = (world: PlanWorld): string => {
    world.local.mv('a', 't').mv('b', 'a').mv('t', 'b');
    const [first] = world.plan().up;
    if (first?.type !== 'up-place') throw new Error('no exchange');
    return first.name;
  };
  const name = exchange(makePlanWorld({ a: '1', b: '2' }));
  const world = makePlanWorld({ a: '1', b: '2', [name]: 'a person’s' });
  expect(exchange(world)).not.toBe(name);
});

it('who wants the name of something in the vault that waits after a failure waits as well', () => {
  const world = makePlanWorld({ a: '1', b: '2' });
  const node = world.remote.id('a');
  world.local.rm('a').mv('b', 'a');
  wait(world, node);
  expect(world.plan()).toMatchObject({ up: [], down: [] });
});

describe('rows that cannot be are left alone', () => {
  it('a file whose content nobody knows', () => {
    for (const side of ['local', 'remote'] as const) {
      const world = makePlanWorld({ f: '1' });
      const node = world.local.id('f');
      const row = must(world.trees[side](node));
      if (side === 'local') world.trees.putLocal({ ...row, revision: null, differsFrom: null });
      else world.trees.putRemote({ ...row, revision: null });
      expect(world.plan()).toEqual({ settle: [], up: [], down: [], held: [] });
    }
  });

  it('a file and a folder of one id', () => {
    const world = makePlanWorld({ f: '1' });
    const row = must(world.trees.local(world.local.id('f')));
    world.trees.putLocal({ ...row, kind: 'folder', revision: null });
    expect(world.plan()).toEqual({ settle: [], up: [], down: [], held: [] });
  });
});
