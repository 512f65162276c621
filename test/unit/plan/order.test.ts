import { describe, expect, it } from 'vitest';
import { makePlanWorld, type PlanWorld, type Replica } from '../../fakes/plan-world.ts';

/** Both directions of one change; the ideal executor refuses whatever is not possible in its turn. */
function both(initial: Record<string, string>, change: (replica: Replica, world: PlanWorld) => unknown): PlanWorld[] {
  return (['local', 'remote'] as const).map((side) => {
    const world = makePlanWorld(initial);
    change(world[side], world);
    return world;
  });
}

const syncs = (worlds: readonly PlanWorld[], maxRounds = 1): void => {
  for (const world of worlds) {
    world.sync({ maxRounds });
    expect(world.local.list()).toEqual(world.remote.list());
  }
};

describe('the order of operations', () => {
  it('puts deletes last, unless their name is needed', () => {
    const [up] = both({ a: '1', z: '2' }, (r) => r.rm('a').rm('z').write('m', '3').write('z', 'again').mkdir('n'));
    const types = up?.plan().up.map(({ type }) => type) ?? [];
    expect(types.at(-1)).toBe('up-delete');
    const [freed] = both({ 'x/': '' }, (r) => r.rm('x').write('x', '1'));
    expect(freed?.plan().up.map(({ type }) => type)).toEqual(['up-delete', 'up-create-file']);
  });

  it('collapses the delete of a tree above what moved out of it', () => {
    const worlds = both({ 'd/e/f': '1', 'd/e/g': '2', 'd/h': '3' }, (r) => r.mv('d/e/f', 'f').rm('d'));
    expect(worlds[0]?.plan().up).toMatchObject([{ type: 'up-place' }, { type: 'up-delete', nodes: 4 }]);
    expect(worlds[1]?.plan().down.map(({ type }) => type)).toEqual([
      'down-place',
      'down-delete',
      'down-delete',
      'down-delete',
      'down-delete',
    ]);
    syncs(worlds);
  });

  it('exchanges two names by one step in between', () => {
    const worlds = both({ a: '1', b: '2' }, (r) => r.mv('a', 't').mv('b', 'a').mv('t', 'b'));
    expect(worlds[0]?.plan().up.map(({ rule }) => rule)).toEqual([
      'swap-by-way-of-a-temporary-name',
      'moved-here',
      'moved-here',
    ]);
    expect(worlds[1]?.plan().down.map(({ type }) => type)).toEqual(['down-park', 'down-place', 'down-place']);
    syncs(worlds);
  });

  it('rotates a thousand names by one step in between', () => {
    const names = Array.from({ length: 1000 }, (_, index) => `f${index}`);
    const worlds = both(Object.fromEntries(names.map((name) => [name, name])), (r) => {
      r.mv('f999', 'spare');
      for (let index = 998; index >= 0; index--) r.mv(`f${index}`, `f${index + 1}`);
      r.mv('spare', 'f0');
    });
    expect(worlds[0]?.plan().up).toHaveLength(1001);
    syncs(worlds);
  });

  it('comes back from an exchange in the vault that was cut short', () => {
    const world = makePlanWorld({ a: '1', b: '2' });
    world.local.mv('a', 't').mv('b', 'a').mv('t', 'b');
    for (const cut of [1, 2]) {
      const half = makePlanWorld({ a: '1', b: '2' });
      half.local.mv('a', 't').mv('b', 'a').mv('t', 'b');
      let performed = 0;
      try {
        half.sync({ maxRounds: 1, fails: () => ++performed > cut });
      } catch {
        // Cut short on purpose.
      }
      half.sync();
      expect(half.remote.list()).toEqual({ a: '2', b: '1' });
      expect(half.local.list()).toEqual({ a: '2', b: '1' });
    }
  });

  it('believes no place in the vault that is only a step of such an exchange', () => {
    const world = makePlanWorld({ a: '1' });
    const id = world.remote.id('a');
    world.local.mv('a', 'b');
    world.remote.mv('a', `.~${id.slice(0, 8)}`);
    world.sync();
    expect(world.local.list()).toEqual({ b: '1' });
    expect(world.remote.list()).toEqual({ b: '1' });
  });

  it('never leaves a node in the stage', () => {
    const worlds = both({ 'a/b/c/d/x': '1' }, (r) =>
      r
        .mv('a/b/c/d', 'd')
        .mv('a/b/c', 'd/c')
        .mv('a/b', 'd/c/b')
        .mv('a', 'd/c/b/a')
        .mv('d', 'a2')
        .mv('a2/c/b/a', 'a2/c/b/d'),
    );
    syncs(worlds);
  });

  it('lets out of a folder what leaves it before the folder steps aside: in the stage nothing in it can be reached', () => {
    const worlds = both({ 'x/d/d/': '' }, (r) => r.mv('x/d/d', 't').mv('x/d', 't/inner').mv('t', 'x/d'));
    const [outer, inner] = [worlds[1]?.local.id('x/d'), worlds[1]?.local.id('x/d/d')];
    expect(worlds[1]?.plan().down).toMatchObject([
      { type: 'down-park', node: inner },
      { type: 'down-park', node: outer },
      { type: 'down-place', node: inner },
      { type: 'down-place', node: outer },
    ]);
    syncs(worlds);
  });

  it('puts nothing into what lies in a folder that stepped aside, and deletes nothing there, until that is back', () => {
    const worlds = both({ 'a/p/': '', 'a/q': '1', 'b/': '', f: '2' }, (r) =>
      r.mv('a', 't').mv('b', 'a').mv('t', 'b').rm('b/q').mv('f', 'b/p/f').write('b/p/n', '3'),
    );
    syncs(worlds);
  });

  it('leaves a folder in place while something in it waits', () => {
    const world = makePlanWorld({ 'd/f': '1', 'd/g': '2' });
    const blocked = world.local.id('d/f');
    world.remote.rm('d');
    world.context = { ...world.context, isBlocked: (node) => node === blocked };
    expect(world.plan().down).toMatchObject([{ type: 'down-delete' }]);
  });

  it('starts no exchange that it could not finish', () => {
    const world = makePlanWorld({ 'a/p/b/': '', z: '1' });
    const blocked = world.local.id('z');
    // Folder a goes below p, which takes the name of z, which is busy; a and b exchange names on the way.
    world.remote.mv('z', 'z2').mv('a/p', 'z').mv('z/b', 't').mv('a', 'z/b').mv('t', 'a');
    const calm = world.context;
    world.context = { ...calm, isBlocked: (node) => node === blocked };
    expect(world.plan().down).toEqual([]);
    world.context = calm;
    world.sync();
    expect(world.local.list()).toEqual({ 'a/': '', 'z/': '', 'z/b/': '', z2: '1' });
  });
});
