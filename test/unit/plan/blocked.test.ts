import { describe, expect, it } from 'vitest';
import { makePlanWorld } from '../../fakes/plan-world.ts';

describe('a folder that moved on one side, was deleted on the other, and waits after a failure', () => {
  for (const [moves, deletes] of [
    ['local', 'remote'],
    ['remote', 'local'],
  ] as const) {
    it(`${moves}: what is in it waits with it and is not deleted meanwhile`, () => {
      const world = makePlanWorld({ 'd/f': '1', 'd/e/g': '22' });
      world[moves].mv('d', 'moved');
      const folder = world[moves].id('moved');
      world[deletes].rm('d');
      world.context = { ...world.context, isBlocked: (node) => node === folder };
      const { up, down } = world.plan();
      expect([...up, ...down]).toEqual([]);
      world.context = { ...world.context, isBlocked: () => false };
      world.sync();
      expect(world[deletes].list()).toEqual({ 'moved/': '', 'moved/f': '1', 'moved/e/': '', 'moved/e/g': '22' });
    });
  }
});

describe('a folder with rules that was deleted in the vault', () => {
  const files = { 'd/.holdfastignore': 'secret', 'd/f': '1' };

  it.each(['d', 'd/f'])('keeps them for as long as %s waits after a failure', (waiting) => {
    const world = makePlanWorld(files);
    world.remote.rm('d');
    const blocked = world.local.id(waiting);
    world.context = { ...world.context, isBlocked: (node) => node === blocked };
    for (let round = 0; round < 3; round++) world.round();
    expect(Object.keys(world.local.list())).toContain('d/.holdfastignore');
    world.context = { ...world.context, isBlocked: () => false };
    world.sync();
    expect(world.local.list()).toEqual({});
  });

  it('keeps them if it is kept itself, and so does one that was deleted here', () => {
    for (const [edits, deletes] of [
      ['local', 'remote'],
      ['remote', 'local'],
    ] as const) {
      const world = makePlanWorld(files);
      world[edits].write('d/f', '22');
      world[deletes].rm('d');
      world.sync();
      expect(world[deletes].list()).toEqual({ 'd/': '', 'd/.holdfastignore': 'secret', 'd/f': '22' });
      expect(world.local.list()).toEqual(world.remote.list());
    }
  });

  it('loses them alone if they alone were deleted', () => {
    const world = makePlanWorld(files);
    world.remote.rm('d/.holdfastignore');
    world.sync();
    expect(world.local.list()).toEqual({ 'd/': '', 'd/f': '1' });
  });
});
