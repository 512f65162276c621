import { describe, expect, it } from 'vitest';
import { makePlanWorld, type PlanWorld, type Replica } from '../../fakes/plan-world.ts';

type Change = 'nothing' | 'edit' | 'move' | 'move and edit' | 'delete' | 'delete its folder';

const changes: Readonly<Record<Change, (replica: Replica, mark: string) => unknown>> = {
  nothing: () => undefined,
  edit: (replica, mark) => replica.write('d/f', mark),
  move: (replica, mark) => replica.mv('d/f', `d/${mark}`),
  'move and edit': (replica, mark) => replica.write('d/f', mark).mv('d/f', `d/${mark}`),
  delete: (replica) => replica.rm('d/f'),
  'delete its folder': (replica) => replica.rm('d'),
};

const summary = (world: PlanWorld): string[] => {
  const plan = world.plan();
  return [...plan.settle, ...plan.up, ...plan.down].map(({ type, rule }) => `${type}: ${rule}`);
};

const copy = '(conflict from Here, 1970-01-01 00.00.04)';

/** Local change, remote change, the plan, the files in the end (of folder d, unless it is gone). */
type Cell = readonly [Change, Change, readonly string[], Record<string, string> | null];

const keepFolderUp = 'up-restore: delete-keeps-ancestors';
const keepUp = 'up-restore: edit-beats-delete';
const keepFolderDown = 'down-create-folder: delete-keeps-ancestors';
const keepDown = 'down-create-file: edit-beats-delete';
const editUp = 'up-revise: edited-here';
const editDown = 'down-revise: edited-there';
const moveUp = 'up-place: moved-here';
const moveDown = 'down-place: moved-there';
const firstWins = 'down-place: moved-on-both-sides-first-wins';
const conflict = 'down-conflict: edited-on-both-sides';

const cells: readonly Cell[] = [
  ['nothing', 'nothing', [], { f: '0' }],
  ['nothing', 'edit', [editDown], { f: 'there!' }],
  ['nothing', 'move', [moveDown], { 'there!': '0' }],
  ['nothing', 'move and edit', [moveDown, editDown], { 'there!': 'there!' }],
  ['nothing', 'delete', ['down-delete: deleted-there'], {}],
  ['nothing', 'delete its folder', ['down-delete: deleted-there', 'down-delete: deleted-there'], null],
  ['edit', 'nothing', [editUp], { f: 'here' }],
  ['edit', 'edit', [conflict], { f: 'there!', [`f ${copy}`]: 'here' }],
  ['edit', 'move', [editUp, moveDown], { 'there!': 'here' }],
  ['edit', 'move and edit', [moveDown, conflict], { 'there!': 'there!', [`there! ${copy}`]: 'here' }],
  ['edit', 'delete', [keepUp, editUp], { f: 'here' }],
  ['edit', 'delete its folder', [keepFolderUp, keepUp, editUp], { f: 'here' }],
  ['move', 'nothing', [moveUp], { here: '0' }],
  ['move', 'edit', [moveUp, editDown], { here: 'there!' }],
  ['move', 'move', [firstWins], { 'there!': '0' }],
  ['move', 'move and edit', [firstWins, editDown], { 'there!': 'there!' }],
  ['move', 'delete', [keepUp], { here: '0' }],
  ['move', 'delete its folder', [keepFolderUp, keepUp], { here: '0' }],
  ['move and edit', 'nothing', [moveUp, editUp], { here: 'here' }],
  ['move and edit', 'edit', [moveUp, conflict], { here: 'there!', [`here ${copy}`]: 'here' }],
  ['move and edit', 'move', [editUp, firstWins], { 'there!': 'here' }],
  ['move and edit', 'move and edit', [firstWins, conflict], { 'there!': 'there!', [`there! ${copy}`]: 'here' }],
  ['move and edit', 'delete', [keepUp, editUp], { here: 'here' }],
  ['move and edit', 'delete its folder', [keepFolderUp, keepUp, editUp], { here: 'here' }],
  ['delete', 'nothing', ['up-delete: deleted-here'], {}],
  ['delete', 'edit', [keepDown], { f: 'there!' }],
  ['delete', 'move', [keepDown], { 'there!': '0' }],
  ['delete', 'move and edit', [keepDown], { 'there!': 'there!' }],
  ['delete', 'delete', ['forget: both-gone'], {}],
  ['delete', 'delete its folder', ['forget: both-gone', 'down-delete: deleted-there'], null],
  ['delete its folder', 'nothing', ['up-delete: deleted-here'], null],
  ['delete its folder', 'edit', [keepFolderDown, keepDown], { f: 'there!' }],
  ['delete its folder', 'move', [keepFolderDown, keepDown], { 'there!': '0' }],
  ['delete its folder', 'move and edit', [keepFolderDown, keepDown], { 'there!': 'there!' }],
  ['delete its folder', 'delete', ['forget: both-gone', 'up-delete: deleted-here'], null],
  ['delete its folder', 'delete its folder', ['forget: both-gone', 'forget: both-gone'], null],
];

describe('a synced file, changed on both sides', () => {
  for (const [here, there, operations, files] of cells) {
    it(`here ${here}, there ${there}`, () => {
      const world = makePlanWorld({ 'd/f': '0' });
      changes[here](world.local, 'here');
      changes[there](world.remote, 'there!');
      expect(summary(world)).toEqual(operations);
      world.sync({ maxRounds: 2 });
      const end =
        files === null
          ? {}
          : { 'd/': '', ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`d/${name}`, text])) };
      expect(world.local.list()).toEqual(end);
      expect(world.remote.list()).toEqual(end);
    });
  }

  it('every pair of changes has its cell', () => {
    expect(new Set(cells.map(([here, there]) => `${here}/${there}`)).size).toBe(Object.keys(changes).length ** 2);
  });
});

type Created = 'nothing' | 'file' | 'same file' | 'file of that size' | 'folder';
const creates: Readonly<Record<Created, (replica: Replica, mark: string) => unknown>> = {
  nothing: () => undefined,
  file: (replica, mark) => replica.write('n', mark),
  'same file': (replica) => replica.write('n', 'same'),
  'file of that size': (replica, mark) => replica.write('n', mark.slice(0, 4)),
  folder: (replica) => replica.mkdir('n'),
};
const created = '(conflict from Here, 1970-01-01 00.00.02)';
const createdFolder = '(conflict from Here, 1970-01-01 00.00.00)';

const createCells: readonly (readonly [Created, Created, readonly string[], Record<string, string>])[] = [
  ['file', 'nothing', ['up-create-file: created-here'], { n: 'here' }],
  ['folder', 'nothing', ['up-create-folder: created-here'], { 'n/': '' }],
  ['nothing', 'file', ['down-create-file: created-there'], { n: 'there!' }],
  ['nothing', 'folder', ['down-create-folder: created-there'], { 'n/': '' }],
  ['file', 'file', ['down-set-aside: name-taken'], { n: 'there!', [`n ${created}`]: 'here' }],
  ['same file', 'same file', ['compare: content-in-doubt'], { n: 'same' }],
  ['file of that size', 'file of that size', ['compare: content-in-doubt'], { n: 'ther', [`n ${created}`]: 'here' }],
  ['file', 'folder', ['down-set-aside: name-taken'], { 'n/': '', [`n ${created}`]: 'here' }],
  ['folder', 'file', ['down-set-aside: name-taken'], { n: 'there!', [`n ${createdFolder}/`]: '' }],
  ['folder', 'folder', ['adopt: same-place-folders-merge', 'settle: same-place-folders-merge'], { 'n/': '' }],
];

describe('created at one place on both sides', () => {
  for (const [here, there, first, end] of createCells) {
    it(`here ${here}, there ${there}`, () => {
      const world = makePlanWorld();
      creates[here](world.local, 'here');
      creates[there](world.remote, 'there!');
      expect(summary(world)).toEqual(expect.arrayContaining([...first]));
      world.sync({ maxRounds: 3 });
      expect(world.local.list()).toEqual(end);
      expect(world.remote.list()).toEqual(end);
    });
  }

  it('what takes the place of a deleted file is a new revision of it, so that its history stays', () => {
    const world = makePlanWorld({ f: '0' });
    const id = world.remote.id('f');
    world.local.rm('f').write('f', 'here');
    expect(summary(world)).toEqual(['adopt: replaced-here', 'up-revise: edited-here']);
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
    expect(summary(world)).toEqual(['compare: content-in-doubt']);
    const local = world.trees.locals().find(({ name }) => name === 'f');
    const remote = world.trees.remote(world.remote.id('f'));
    if (local === undefined || remote === null) throw new Error('f is missing');
    world.trees.putLocal({ ...local, differsFrom: remote.revision });
    expect(summary(world)).toEqual(['down-conflict: edited-on-both-sides']);
  });
});
