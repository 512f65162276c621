import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { makePlanWorld, type PlanWorld, type Replica } from '../../fakes/plan-world.ts';
import { before, changes, here, there } from './matrix-changes.ts';

interface Cell {
  readonly here: string;
  readonly there: string;
  readonly end: string;
  readonly rounds: number;
  readonly plan: string;
}

const cells: readonly Cell[] = readFileSync(new URL('conflict-matrix.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [here = '', there = '', end = '', rounds = '', plan = ''] = line.split('|').map((part) => part.trim());
    return { here, there, end, rounds: Number(rounds), plan };
  });

const summary = (world: PlanWorld): string[] => {
  const plan = world.plan();
  return [...plan.settle, ...plan.up, ...plan.down].map(({ type, rule }) => `${type} ${rule}`);
};

/** Contents by path, and folders that are empty. */
function listing(replica: Replica): string {
  const list = Object.entries(replica.list());
  return list
    .filter(([path]) => !path.endsWith('/') || !list.some(([other]) => other !== path && other.startsWith(path)))
    .map(([path, text]) => (path.endsWith('/') ? path : `${path}=${text}${replica.isExec(path) ? '*' : ''}`))
    .map((entry) => entry.replaceAll(/ \(conflict from Here, [^)]*\)/g, '~'))
    .join(' ');
}

const change = (name: string) => {
  const perform = changes[name];
  if (perform === undefined) throw new Error(`no change is called ${name}`);
  return perform;
};

describe('the conflict matrix', () => {
  for (const cell of cells) {
    it(`here ${cell.here}, there ${cell.there}`, () => {
      const world = makePlanWorld(before);
      change(cell.here)(world.local, here);
      change(cell.there)(world.remote, there);
      expect(summary(world).join(', ')).toBe(cell.plan);
      expect(world.sync()).toBe(cell.rounds);
      expect(listing(world.local)).toBe(cell.end);
      expect(listing(world.remote)).toBe(cell.end);
    });
  }

  it('has one cell for every pair of changes', () => {
    const names = Object.keys(changes);
    const pairs = names.flatMap((one) => names.map((other) => `${one} | ${other}`));
    expect(cells.map((cell) => `${cell.here} | ${cell.there}`)).toEqual(pairs);
  });
});

describe('created where another one was', () => {
  it('what takes the place of a deleted file is a new revision of it, so that its history stays', () => {
    const world = makePlanWorld({ f: '0' });
    const id = world.remote.id('f');
    world.local.rm('f').write('f', 'here');
    expect(summary(world)).toEqual(['adopt replaced-here', 'up-revise edited-here']);
    world.sync();
    expect(world.remote.id('f')).toBe(id);
  });

  it('but not of one that another device moved there: both stay', () => {
    const world = makePlanWorld({ g: '0' });
    world.remote.mv('g', 'f');
    world.local.rm('g').write('f', 'here');
    world.sync();
    expect(Object.values(world.local.list()).toSorted()).toEqual(['0', 'here']);
  });

  it('equal content at the place that another device moved it to is that file (a download that was cut short)', () => {
    const world = makePlanWorld({ 'd/g': '0' });
    const id = world.remote.id('d/g');
    world.remote.mv('d/g', 'f');
    world.local.rm('d').write('f', '0');
    world.sync();
    expect(world.local.list()).toEqual({ f: '0' });
    expect(world.remote.list()).toEqual({ f: '0' });
    expect(world.remote.id('f')).toBe(id);
  });

  it('a folder at the place that another device moved one to is that folder', () => {
    const world = makePlanWorld({ 'd/g/': '' });
    const id = world.remote.id('d/g');
    world.remote.mv('d/g', 'e');
    world.local.rm('d').mkdir('e');
    world.sync();
    expect(world.local.list()).toEqual({ 'e/': '' });
    expect(world.remote.id('e')).toBe(id);
  });
});

describe('a known difference', () => {
  it('is not compared again', () => {
    const world = makePlanWorld({ f: '0' });
    world.local.write('f', 'A');
    world.remote.write('f', 'B');
    expect(summary(world)).toEqual(['compare content-in-doubt']);
    const local = world.trees.locals().find(({ name }) => name === 'f');
    const remote = world.trees.remote(world.remote.id('f'));
    if (local === undefined || remote === null) throw new Error('f is missing');
    world.trees.putLocal({ ...local, differsFrom: remote.revision });
    expect(summary(world)).toEqual(['down-conflict edited-on-both-sides']);
  });
});
