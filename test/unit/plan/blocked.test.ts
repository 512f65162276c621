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
