import { expect, it } from 'vitest';
import { idFrom, type NodeId, rootNode } from '../../../src/common/ids.ts';
import { withNamesakes } from '../../../src/plan/namesakes.ts';
import { plannedTogether } from '../../../src/plan/planned-together.ts';
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

it('names what stands at the place of what comes and is to leave it, if it has no base either', () => {
  const { local, remote, trees, diverged } = makePlanWorld({ 'p/a': 'a' });
  const [folder, file] = [remote.id('p'), remote.id('p/a')];
  trees.removeSynced(folder);
  trees.removeSynced(file);
  local.mv('p/a', 'a');
  local.rm('p');
  local.mv('a', 'p');
  expect(diverged().sort()).toEqual([folder, file].sort());
  expect(withNamesakes(trees, [folder], linuxRules)).toEqual(new Set([folder, file]));
});

it('names the new folder to which such a one is to go', () => {
  const { local, remote, trees } = makePlanWorld({ 'p/x': 'x', 'q/r/a': 'a' });
  const ids = ['p', 'p/x', 'q', 'q/r', 'q/r/a'].map((path) => remote.id(path));
  for (const id of ids) trees.removeSynced(id);
  local.mv('q/r/a', 'a');
  local.rm('p');
  local.rm('q');
  local.mv('a', 'p');
  const together = plannedTogether(trees, [remote.id('p')], linuxRules);
  expect(together).toEqual(new Set(['p', 'q/r/a', 'q/r', 'q'].map((path) => remote.id(path))));
});

it('finds its way through folders that lie in each other by the thousand, as deep as a device cares to make them', () => {
  const { trees } = makePlanWorld({});
  const idAt = (depth: number): NodeId =>
    idFrom<NodeId>(new Uint8Array(new BigUint64Array([BigInt(depth), 1n]).buffer));
  const depth = 20_000;
  for (let at = 1; at <= depth; at++) {
    const parent = at === 1 ? rootNode : idAt(at - 1);
    const folder = { kind: 'folder', revision: null, size: 0, mtimeUs: 0, exec: false } as const;
    trees.putRemote({ ...folder, id: idAt(at), parent, name: 'd' });
  }
  expect(withNamesakes(trees, [idAt(depth)], linuxRules)).toEqual(new Set([idAt(depth)]));
});
