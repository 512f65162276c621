import { describe, expect, it } from 'vitest';
import { linuxRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld, type Replica } from '../../fakes/plan-world.ts';

interface Scenario {
  readonly id: string;
  readonly initial?: Record<string, string>;
  readonly a: (replica: Replica) => unknown;
  readonly b?: (replica: Replica) => unknown;
  /** What both sides hold in the end; conflict copies as `cc(name)`. Several where the order of arrival decides. */
  readonly end: Record<string, string> | readonly Record<string, string>[];
}

/** Conflict copies under a short name, so that rows can be read. */
const readable = (listing: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(listing).map(([path, content]) => [
      path.replaceAll(/([^/]*) \(conflict from Here, [^)]*\)([^/]*)/g, 'cc($1$2)'),
      content,
    ]),
  );

const rotated = { a: '11', b: '22', c: '33' };

const scenarios: readonly Scenario[] = [
  { id: 'BAS-03 empty file', a: (r) => r.write('f', ''), end: { f: '' } },
  { id: 'BAS-04 folder', a: (r) => r.mkdir('d'), end: { 'd/': '' } },
  { id: 'BAS-06 edit', initial: { f: '1' }, a: (r) => r.write('f', '22'), end: { f: '22' } },
  { id: 'BAS-12 delete', initial: { f: '1' }, a: (r) => r.rm('f'), end: {} },
  { id: 'BAS-13 delete a tree', initial: { 'd/x': '1', 'd/y': '2', 'd/e/z': '3' }, a: (r) => r.rm('d'), end: {} },
  { id: 'BAS-16 delete and create', initial: { f: '1' }, a: (r) => r.rm('f').write('f', '1'), end: { f: '1' } },
  {
    id: 'BAS-22 the same folder on both sides',
    a: (r) => r.write('d/x', '1').write('d/e/y', '2').write('z', '3'),
    b: (r) => r.write('d/x', '1').write('d/e/y', '2').write('z', '3'),
    end: { 'd/': '', 'd/x': '1', 'd/e/': '', 'd/e/y': '2', z: '3' },
  },
  {
    id: 'MOV-02 move and rename',
    initial: { 'a/f': '1', 'b/': '' },
    a: (r) => r.mv('a/f', 'b/g'),
    end: { 'a/': '', 'b/': '', 'b/g': '1' },
  },
  {
    id: 'MOV-05 folder, then file in it',
    initial: { 'd/f': '1' },
    a: (r) => r.mv('d', 'e').mv('e/f', 'e/g'),
    end: { 'e/': '', 'e/g': '1' },
  },
  {
    id: 'MOV-06 each level renamed',
    initial: { 'p/s/t/x': '1' },
    a: (r) => r.mv('p', 'p2').mv('p2/s', 'p2/s2').mv('p2/s2/t', 'p2/s2/t2'),
    end: { 'p2/': '', 'p2/s2/': '', 'p2/s2/t2/': '', 'p2/s2/t2/x': '1' },
  },
  {
    id: 'MOV-11 folders swapped',
    initial: { 'a/x': '1', 'b/y': '2' },
    a: (r) => r.mv('a', 't').mv('b', 'a').mv('t', 'b'),
    end: { 'a/': '', 'a/y': '2', 'b/': '', 'b/x': '1' },
  },
  {
    id: 'MOV-12 files rotated',
    initial: rotated,
    a: (r) => r.mv('c', 't').mv('b', 'c').mv('a', 'b').mv('t', 'a'),
    end: { a: '33', b: '11', c: '22' },
  },
  {
    id: 'MOV-14 folders turned inside out',
    initial: { 'a/b/c/x': '1' },
    a: (r) => r.mv('a/b/c', 'c').mv('a/b', 'c/b').mv('a', 'c/b/a'),
    end: { 'c/': '', 'c/b/': '', 'c/b/a/': '', 'c/x': '1' },
  },
  { id: 'MOV-15 over another', initial: { a: '1', b: '22' }, a: (r) => r.mv('a', 'b'), end: { b: '1' } },
  {
    id: 'MOV-17 moved away, new one in its place',
    initial: { a: '1' },
    a: (r) => r.mv('a', 'b').write('a', '22'),
    end: { a: '22', b: '1' },
  },
  {
    id: 'MOV-18 folder moved away, new one with the same names',
    initial: { 'a/f': '1', 'a/sub/c': '2' },
    a: (r) => r.mv('a', 'b').write('a/f', '11').write('a/sub/c', '22'),
    end: { 'a/': '', 'a/f': '11', 'a/sub/': '', 'a/sub/c': '22', 'b/': '', 'b/f': '1', 'b/sub/': '', 'b/sub/c': '2' },
  },
  {
    id: 'MOV-20 a to c, b to a',
    initial: { 'a/f': '1', 'b/f': '2' },
    a: (r) => r.mv('a', 'c').mv('b', 'a'),
    end: { 'a/': '', 'a/f': '2', 'c/': '', 'c/f': '1' },
  },
  { id: 'MOV-21 moved and edited', initial: { a: '1' }, a: (r) => r.mv('a', 'b').write('b', '22'), end: { b: '22' } },
  {
    id: 'MOV-23 file deleted, its folder moved',
    initial: { 's/sub/f': '1', 'd/': '' },
    a: (r) => r.rm('s/sub/f').mv('s/sub', 'd/sub'),
    end: { 's/': '', 'd/': '', 'd/sub/': '' },
  },
  {
    id: 'MOV-24 moved out, folder deleted',
    initial: { 'd/f': '1' },
    a: (r) => r.mv('d/f', 'f').rm('d'),
    end: { f: '1' },
  },
  {
    id: 'MOV-24b moved out to the name of the folder that goes',
    initial: { 'd/d': '1' },
    a: (r) => r.mv('d/d', 'x').rm('d').mv('x', 'd'),
    end: { d: '1' },
  },
  {
    id: 'MOV-24c moved into a new folder with the name of the one that goes',
    initial: { 'd/f': '1' },
    a: (r) => r.mv('d/f', 'x').rm('d').mkdir('d').mv('x', 'd/f').write('d/other', '2'),
    end: { 'd/': '', 'd/f': '1', 'd/other': '2' },
  },
  {
    id: 'MOV-26 common prefix',
    initial: { 's/d1/x': '1', 's/d12/y': '2' },
    a: (r) => r.mv('s/d1', 'd1').mv('s/d12', 'd12'),
    end: { 's/': '', 'd1/': '', 'd1/x': '1', 'd12/': '', 'd12/y': '2' },
  },
  {
    id: 'MOV-27 flattened',
    initial: { 'a/b/c/x': '1', 'a/b/y': '2' },
    a: (r) => r.mv('a/b/c/x', 'x').mv('a/b/y', 'y').mv('a/b/c', 'c').mv('a/b', 'b'),
    end: { 'a/': '', 'b/': '', 'c/': '', x: '1', y: '2' },
  },
  {
    id: 'parent and child exchange names and places',
    initial: { 'a/b/x': '1' },
    a: (r) => r.mv('a/b', 't').mv('a', 't/b').mv('t', 'a'),
    end: { 'a/': '', 'a/b/': '', 'a/x': '1' },
  },
  {
    id: 'TYP-02 folder becomes file',
    initial: { 'x/c': '1' },
    a: (r) => r.rm('x').write('x', '22'),
    end: { x: '22' },
  },
  {
    id: 'TYP-03 empty folder becomes file',
    initial: { 'x/': '' },
    a: (r) => r.rm('x').write('x', '1'),
    end: { x: '1' },
  },
  {
    id: 'TYP-05 file and folder swap names',
    initial: { a: '1', 'd/c': '2' },
    a: (r) => r.mv('a', 't').mv('d', 'a').mv('t', 'd'),
    end: { 'a/': '', 'a/c': '2', d: '1' },
  },
  {
    id: 'TYP-06 file becomes folder, edited there',
    initial: { x: '1' },
    a: (r) => r.rm('x').mkdir('x'),
    b: (r) => r.write('x', '22'),
    end: [
      { 'cc(x)/': '', x: '22' },
      { 'x/': '', 'cc(x)': '22' },
    ],
  },
  {
    id: 'TYP-08 file becomes folder, deleted there',
    initial: { x: '1' },
    a: (r) => r.rm('x').mkdir('x'),
    b: (r) => r.rm('x'),
    end: { 'x/': '' },
  },
  {
    id: 'TYP-09 folder becomes file, deleted there',
    initial: { 'x/c': '1' },
    a: (r) => r.rm('x').write('x', '22'),
    b: (r) => r.rm('x'),
    end: { x: '22' },
  },
  {
    id: 'TYP-11 folder becomes two files',
    initial: { 'x/c': '1' },
    a: (r) => r.rm('x').write('x', '1'),
    b: (r) => r.rm('x').write('x', '22'),
    end: [
      { x: '1', 'cc(x)': '22' },
      { x: '22', 'cc(x)': '1' },
    ],
  },
  {
    id: 'TYP-12 file against folder',
    a: (r) => r.write('n', '1'),
    b: (r) => r.write('n/c', '2'),
    end: [
      { 'cc(n)': '1', 'n/': '', 'n/c': '2' },
      { n: '1', 'cc(n)/': '', 'cc(n)/c': '2' },
    ],
  },
  {
    id: 'TYP-14 folder renamed, replaced by a file there',
    initial: { 'd/c': '1' },
    a: (r) => r.mv('d', 'e'),
    b: (r) => r.rm('d').write('d', '22'),
    end: { 'e/': '', 'e/c': '1', d: '22' },
  },
  {
    id: 'TYP-15 every type flips',
    initial: { f1: '1', f2: '2', 'd1/x': '3', 'd2/': '' },
    a: (r) => r.rm('f1').mkdir('f1').rm('f2').mkdir('f2').rm('d1').write('d1', '11').rm('d2').write('d2', '22'),
    end: { 'f1/': '', 'f2/': '', d1: '11', d2: '22' },
  },
  {
    id: 'CON-01 edit, edit',
    initial: { f: '0' },
    a: (r) => r.write('f', 'A'),
    b: (r) => r.write('f', 'BB'),
    end: [
      { f: 'A', 'cc(f)': 'BB' },
      { f: 'BB', 'cc(f)': 'A' },
    ],
  },
  {
    id: 'CON-01b edit, edit of one size',
    initial: { f: '0' },
    a: (r) => r.write('f', 'A'),
    b: (r) => r.write('f', 'B'),
    end: [
      { f: 'A', 'cc(f)': 'B' },
      { f: 'B', 'cc(f)': 'A' },
    ],
  },
  {
    id: 'CON-02 same edit',
    initial: { f: '0' },
    a: (r) => r.write('f', 'A'),
    b: (r) => r.write('f', 'A'),
    end: { f: 'A' },
  },
  { id: 'CON-04 same create', a: (r) => r.write('n', 'A'), b: (r) => r.write('n', 'A'), end: { n: 'A' } },
  {
    id: 'CON-04b other create',
    a: (r) => r.write('n', 'A'),
    b: (r) => r.write('n', 'B'),
    end: [
      { n: 'A', 'cc(n)': 'B' },
      { n: 'B', 'cc(n)': 'A' },
    ],
  },
  {
    id: 'CON-05 edit, delete',
    initial: { f: '0' },
    a: (r) => r.write('f', 'A'),
    b: (r) => r.rm('f'),
    end: { f: 'A' },
  },
  { id: 'CON-07 delete, delete', initial: { f: '0' }, a: (r) => r.rm('f'), b: (r) => r.rm('f'), end: {} },
  {
    id: 'CON-08 rename, edit',
    initial: { f: '0' },
    a: (r) => r.mv('f', 'g'),
    b: (r) => r.write('f', 'BB'),
    end: { g: 'BB' },
  },
  {
    id: 'CON-10 rename, rename',
    initial: { f: '0' },
    a: (r) => r.mv('f', 'X'),
    b: (r) => r.mv('f', 'Y'),
    end: [{ X: '0' }, { Y: '0' }],
  },
  {
    id: 'CON-11 same rename',
    initial: { f: '0' },
    a: (r) => r.mv('f', 'g'),
    b: (r) => r.mv('f', 'g'),
    end: { g: '0' },
  },
  {
    id: 'CON-13 rename against create',
    initial: { a: '1' },
    a: (r) => r.mv('a', 'n'),
    b: (r) => r.write('n', 'BB'),
    end: [
      { n: 'BB', 'cc(n)': '1' },
      { n: '1', 'cc(n)': 'BB' },
    ],
  },
  {
    id: 'CON-14 over b, which is deleted there',
    initial: { a: '1', b: '2' },
    a: (r) => r.mv('a', 'b'),
    b: (r) => r.rm('b'),
    end: { b: '1' },
  },
  {
    id: 'CON-16 over each other',
    initial: { a: '1', b: '2' },
    a: (r) => r.mv('a', 'b'),
    b: (r) => r.mv('b', 'a'),
    end: { a: '2', b: '1' },
  },
  {
    id: 'CON-17 delete, create within',
    initial: { 'd/x': '1' },
    a: (r) => r.rm('d'),
    b: (r) => r.write('d/n', '2'),
    end: { 'd/': '', 'd/n': '2' },
  },
  {
    id: 'CON-19 delete, rename within',
    initial: { 'd/a': '1' },
    a: (r) => r.rm('d'),
    b: (r) => r.mv('d/a', 'd/b'),
    end: { 'd/': '', 'd/b': '1' },
  },
  {
    id: 'CON-20 delete, move out',
    initial: { 'd/a': '1' },
    a: (r) => r.rm('d'),
    b: (r) => r.mv('d/a', 'out'),
    end: { out: '1' },
  },
  {
    id: 'CON-22 delete, rename',
    initial: { 'd/': '' },
    a: (r) => r.rm('d'),
    b: (r) => r.mv('d', 'e'),
    end: { 'e/': '' },
  },
  {
    id: 'CON-23 delete, folder renamed within',
    initial: { 'o/i/x': '1', 'o/y': '2' },
    a: (r) => r.rm('o'),
    b: (r) => r.mv('o/i', 'o/I'),
    end: { 'o/': '', 'o/I/': '', 'o/I/x': '1' },
  },
  {
    id: 'folder moved out of a deleted one, with a folder in it',
    initial: { 'old/photos/x': '1', 'old/photos/sub/y': '2', 'old/z': '3' },
    a: (r) => r.mv('old/photos', 'photos').write('photos/new', '4'),
    b: (r) => r.rm('old'),
    end: { 'photos/': '', 'photos/x': '1', 'photos/sub/': '', 'photos/sub/y': '2', 'photos/new': '4' },
  },
  {
    id: 'folder moved, and deleted there with a file that was moved out',
    initial: { 'd/x': '1', 'd/y': '2' },
    a: (r) => r.mv('d', 'e'),
    b: (r) => r.mv('d/x', 'x').rm('d'),
    end: { 'e/': '', 'e/y': '2', x: '1' },
  },
  {
    id: 'folder moved, and replaced there by another one at the place that it went to',
    initial: { 'd/x': '1' },
    a: (r) => r.mv('d', 'e'),
    b: (r) => r.rm('d').write('e/n', '2'),
    end: [
      { 'e/': '', 'e/x': '1', 'e/n': '2' },
      { 'e/': '', 'e/n': '2', 'cc(e)/': '', 'cc(e)/x': '1' },
    ],
  },
  {
    id: 'CON-25 rename, delete within',
    initial: { 'd/x': '1' },
    a: (r) => r.mv('d', 'e'),
    b: (r) => r.rm('d/x'),
    end: { 'e/': '' },
  },
  {
    id: 'CON-26 rename, create within',
    initial: { 'd/x': '1' },
    a: (r) => r.mv('d', 'e'),
    b: (r) => r.write('d/n', '2'),
    end: [
      { 'e/': '', 'e/x': '1', 'e/n': '2' },
      { 'e/': '', 'e/n': '2', 'cc(e)/': '', 'cc(e)/x': '1' },
    ],
  },
  {
    id: 'CON-28 both levels renamed',
    initial: { 'o/i/x': '1' },
    a: (r) => r.mv('o', 'O'),
    b: (r) => r.mv('o/i', 'o/I'),
    end: { 'O/': '', 'O/I/': '', 'O/I/x': '1' },
  },
  {
    id: 'CON-29 folder and both children renamed',
    initial: { 'd/a': '1', 'd/b': '2' },
    a: (r) => r.mv('d', 'e').mv('e/a', 'e/a2'),
    b: (r) => r.mv('d/b', 'd/b2'),
    end: { 'e/': '', 'e/a2': '1', 'e/b2': '2' },
  },
  {
    id: 'CON-31 folder renamed, file moved into it and edited',
    initial: { 'd/': '', f: '1' },
    a: (r) => r.mv('d', 'e'),
    b: (r) => r.mv('f', 'd/f').write('d/f', '22'),
    end: { 'e/': '', 'e/f': '22' },
  },
  {
    id: 'CON-32 into each other',
    initial: { 'x/1': '1', 'y/2': '2' },
    a: (r) => r.mv('x', 'y/x'),
    b: (r) => r.mv('y', 'x/y'),
    end: [
      { 'x/': '', 'x/1': '1', 'x/y/': '', 'x/y/2': '2' },
      { 'y/': '', 'y/2': '2', 'y/x/': '', 'y/x/1': '1' },
    ],
  },
  {
    id: 'edited here, moved there into a new folder',
    initial: { f: '0' },
    a: (r) => r.write('f', 'A'),
    b: (r) => r.mv('f', 'new/f'),
    end: { 'new/': '', 'new/f': 'A' },
  },
  {
    id: 'edited within a folder that was deleted with its parents',
    initial: { 'p/q/r/f': '0', 'p/q/g': '1' },
    a: (r) => r.write('p/q/r/f', 'A'),
    b: (r) => r.rm('p'),
    end: { 'p/': '', 'p/q/': '', 'p/q/r/': '', 'p/q/r/f': 'A' },
  },
  {
    id: 'moved into a folder that was deleted there',
    initial: { f: '0', 'd/x': '1' },
    a: (r) => r.mv('f', 'd/f'),
    b: (r) => r.rm('d'),
    end: { 'd/': '', 'd/f': '0' },
  },
  {
    id: 'edited and moved on both sides',
    initial: { f: '0' },
    a: (r) => r.mv('f', 'x').write('x', 'A'),
    b: (r) => r.mv('f', 'y').write('y', 'BB'),
    end: [
      { y: 'BB', 'cc(y)': 'A' },
      { x: 'A', 'cc(x)': 'BB' },
    ],
  },
  {
    id: 'NAM-01 case only',
    initial: { f: '1' },
    a: (r) => r.mv('f', 'F'),
    end: { F: '1' },
  },
  {
    id: 'NAM-03 names that differ in case',
    a: (r) => r.write('a.txt', '1').write('A.txt', '2'),
    end: { 'a.txt': '1', 'A.txt': '2' },
  },
];

describe('scenarios as three trees, on either side', () => {
  for (const scenario of scenarios) {
    for (const [label, isSwapped] of [
      ['A is here', false],
      ['B is here', true],
    ] as const) {
      for (const order of ['up first', 'down first'] as const) {
        it(`${scenario.id}: ${label}, ${order}`, () => {
          const world = makePlanWorld(scenario.initial, linuxRules);
          const [a, b] = isSwapped ? [world.remote, world.local] : [world.local, world.remote];
          scenario.a(a);
          scenario.b?.(b);
          world.sync({ upNext: () => order === 'up first' });
          const ends = Array.isArray(scenario.end) ? scenario.end : [scenario.end];
          expect(ends).toContainEqual(readable(world.local.list()));
          expect(world.remote.list()).toEqual(world.local.list());
          expect(world.plan()).toEqual({ settle: [], up: [], down: [], held: [] });
        });
      }
    }
  }
});
