import { expect, it } from 'vitest';
import { withNamesakes } from '../../../src/plan/namesakes.ts';
import { linuxRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld } from '../../fakes/plan-world.ts';

it('names what is new here with what comes to its place: from the vault alone, or from another name here', () => {
  const world = makePlanWorld({ 'docs/a.txt': 'a', 'docs/b.txt': 'b' });
  const { local, remote, trees } = world;
  remote.mv('docs/a.txt', 'docs/new.txt');
  remote.write('docs/there.txt', 'there');
  local.write('docs/new.txt', 'here');
  local.write('docs/there.txt', 'also here');
  local.write('docs/apart.txt', 'nobody’s');
  const coming = [remote.id('docs/new.txt'), remote.id('docs/there.txt')];
  const found = withNamesakes(trees, coming, linuxRules);
  expect(found).toEqual(new Set([...coming, local.id('docs/new.txt'), local.id('docs/there.txt')]));
});
