import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../src/common/ids.ts';
import { utf8ByteLength } from '../../../src/common/name.ts';
import { conflictName, conflictOriginal } from '../../../src/plan/conflict-name.ts';
import { describeRule } from '../../../src/plan/describe-rule.ts';
import { localNameFor } from '../../../src/plan/local-name.ts';
import { isTemporaryName, temporaryName } from '../../../src/plan/temporary-name.ts';
import { linuxRules, macRules, windowsRules } from '../../fakes/memory-trees.ts';
import { makePlanWorld } from '../../fakes/plan-world.ts';

const free = (_name: string): boolean => false;
const only =
  (...names: string[]) =>
  (name: string) =>
    names.includes(name);

describe('localNameFor', () => {
  it.each([
    ['CON', 'CO%4E'],
    ['nul', 'nu%6C'],
    ['com1.txt', 'com%31.txt'],
    ['COM¹.txt', 'CO%4D¹.txt'],
    ['AUX.c', 'AU%58.c'],
    ['CON .txt', 'CO%4E .txt'],
    ['conin$', 'conin%24'],
    ['console.txt', 'console.txt'],
    ['end.', 'end%2E'],
    ['end ', 'end%20'],
    [' lead', ' lead'],
    ['...', '..%2E'],
    ['a:b', 'a%3Ab'],
    ['50%: a|b', '50%25%3A a%7Cb'],
    ['100%', '100%'],
    ['tab\there', 'tab%09here'],
    ['back\\slash', 'back%5Cslash'],
  ])('spells %j as %j on Windows, and as it is elsewhere', (name, spelling) => {
    expect(localNameFor(name, windowsRules, free)).toBe(spelling);
    expect(localNameFor(name, linuxRules, free)).toBe(name);
    expect(localNameFor(name, macRules, free)).toBe(name);
  });

  it('marks a name that a sibling has, before the extension', () => {
    expect(localNameFor('A.txt', windowsRules, only('A.txt'))).toBe('A (~2).txt');
    expect(localNameFor('A.txt', windowsRules, only('A.txt', 'A (~2).txt'))).toBe('A (~3).txt');
    expect(localNameFor('.profile', linuxRules, only('.profile'))).toBe('.profile (~2)');
  });

  it('cuts what is too long on a character, and keeps the extension', () => {
    const long = `${'€'.repeat(100)}.txt`;
    const name = localNameFor(long, linuxRules, free);
    expect(name).toMatch(/^€+ \(~1\)\.txt$/);
    expect(utf8ByteLength(name)).toBeLessThanOrEqual(255);
    expect(localNameFor(long, windowsRules, free)).toBe(long);
    const combined = `${'e\u0301'.repeat(100)}`;
    expect(localNameFor(combined, linuxRules, free)).toMatch(/^(e\u0301)+ \(~1\)$/);
    expect(localNameFor(`${'😀'.repeat(200)}`, windowsRules, free).isWellFormed()).toBe(true);
  });
});

describe('conflictName', () => {
  const name = (base: string, device = "Anna's laptop", taken = free, rules = linuxRules): string =>
    conflictName(base, device, 1_700_000_000_123_456, taken, rules);

  it('says whose and when, in UTC, before the extension', () => {
    expect(name('report.txt')).toBe("report (conflict from Anna's laptop, 2023-11-14 22.13.20).txt");
    expect(name('folder')).toBe("folder (conflict from Anna's laptop, 2023-11-14 22.13.20)");
    for (const plain of ['plan v1.2 (final)', 'Dr. No', '.profile', 'ends.']) {
      expect(name(plain)).toBe(`${plain} (conflict from Anna's laptop, 2023-11-14 22.13.20)`);
    }
  });

  it('is the same for the same content, and numbered where that is taken', () => {
    const first = name('f.txt');
    expect(name('f.txt')).toBe(first);
    expect(name('f.txt', "Anna's laptop", only(first))).toBe(
      "f (conflict from Anna's laptop, 2023-11-14 22.13.20, 2).txt",
    );
  });

  it('does not mark a conflict copy twice', () => {
    expect(name(name('f.txt'))).toBe(name('f.txt'));
    expect(name(name('f.txt', 'Other'))).toBe(name('f.txt'));
    expect(name('f (conflict from X, 2001-01-01 00.00.00, 7).txt')).toBe(name('f.txt'));
    expect(name('Makefile (conflict from X, 2001-01-01 00.00.00)')).toBe(name('Makefile'));
    expect(name('Makefile (conflict from X, 2001-01-01 00.00.00, 7)')).toBe(name('Makefile'));
    expect(name(`${name('Makefile')}~`)).toBe("Makefile~ (conflict from Anna's laptop, 2023-11-14 22.13.20)");
  });

  it('fits 255 bytes on every device, cut on a character, extension kept', () => {
    for (const rules of [linuxRules, windowsRules, macRules]) {
      const cut = name(`${'ü'.repeat(125)}.jpeg`, 'Büro '.repeat(50), free, rules);
      expect(utf8ByteLength(cut)).toBeLessThanOrEqual(255);
      expect(cut).toMatch(/^ü+ \(conflict from .*\)\.jpeg$/);
    }
  });

  it('holds nothing that a file system refuses, whatever the device is called', () => {
    expect(name('f', 'a/b\\c:d(e)\n')).toBe('f (conflict from a b c d e, 2023-11-14 22.13.20)');
    expect(name('f', '')).toContain('another device');
    expect(name('CON', 'X', free, windowsRules)).toMatch(/^CO%4E \(/);
  });

  it('takes any time', () => {
    for (const mtimeUs of [-1, 0, Number.NaN, Number.POSITIVE_INFINITY, -1e30, 1e30, 8.64e18]) {
      expect(conflictName('f', 'X', mtimeUs, free, linuxRules)).toMatch(/^f \(conflict from X, \d{4}-[\d -.]+\)$/);
    }
  });
});

it.each(['report.txt', '.profile', 'a (b).tar', 'no extension'])(
  'a conflict copy of %s tells what it is one of',
  (name) => {
    const copy = conflictName(name, 'Ada (desk)', 1_700_000_000_000_000, free, linuxRules);
    const next = conflictName(copy, 'Ada', 1_700_000_000_000_000, only(copy), linuxRules);
    expect([copy, next, name].map(conflictOriginal)).toEqual([name, name, null]);
  },
);

describe('temporaryName', () => {
  const node = '0123456789abcdef0123456789abcdef' as NodeId;
  it('is known again as the node’s own, and no other’s', () => {
    const name = temporaryName(node, only('.~01234567'));
    expect(name).toBe('.~0123456789ab');
    expect(isTemporaryName(name, node)).toBe(true);
    expect(isTemporaryName('.~01234567', node)).toBe(true);
    expect(isTemporaryName('.~0123', node)).toBe(false);
    expect(isTemporaryName(name, 'f123456789abcdef0123456789abcdef' as NodeId)).toBe(false);
  });
});

describe('names that this disk cannot hold', () => {
  it('NAM-03: siblings that differ in case are both here, one under another name, and stay both in the vault', () => {
    const world = makePlanWorld({}, macRules);
    world.remote.write('a.txt', '1').write('A.txt', '2');
    world.sync({ maxRounds: 1 });
    expect(Object.values(world.local.list()).toSorted()).toEqual(['1', '2']);
    expect(Object.keys(world.local.list()).some((name) => name.includes('(~2)'))).toBe(true);
    expect(world.remote.list()).toEqual({ 'a.txt': '1', 'A.txt': '2' });
  });

  it('NAM-04: deleting one of them leaves the other', () => {
    const world = makePlanWorld({}, macRules);
    world.remote.write('a.txt', '1').write('A.txt', '2');
    world.sync();
    world.remote.rm('a.txt');
    world.sync();
    expect(Object.values(world.local.list())).toEqual(['2']);
    expect(world.remote.list()).toEqual({ 'A.txt': '2' });
  });

  it('NAM-06: a rename onto a name that only case tells apart overwrites nothing', () => {
    const world = makePlanWorld({ test: '1', TEST2: '2' }, macRules);
    world.remote.mv('TEST2', 'TEST');
    world.sync();
    expect(world.local.list()).toEqual({ test: '1', 'TEST (~2)': '2' });
    expect(world.remote.list()).toEqual({ test: '1', TEST: '2' });
  });

  it('NAM-07: folders that differ in case are not merged', () => {
    const world = makePlanWorld({ 'A/f': '1' }, macRules);
    world.remote.write('a/f', '22');
    world.sync();
    expect(world.local.list()).toEqual({ 'A/': '', 'A/f': '1', 'a (~2)/': '', 'a (~2)/f': '22' });
  });

  it('NAM-10: two Unicode forms of one name become two files, once', () => {
    const world = makePlanWorld();
    world.local.write('\u00e9', '1').write('e\u0301', '22');
    world.sync();
    expect(Object.values(world.remote.list()).toSorted()).toEqual(['1', '22']);
    expect(world.local.list()).toEqual(world.remote.list());
    expect(world.plan().down).toEqual([]);
  });

  it('a spelling in another Unicode form is no rename', () => {
    const world = makePlanWorld({ '\u00e9': '1' }, macRules);
    const [row] = world.trees.locals();
    if (row === undefined) throw new Error('no row');
    world.trees.putLocal({ ...row, name: 'e\u0301' });
    expect(world.diverged()).toEqual([]);
  });

  it('NAM-15, NAM-16: reserved and illegal names come down escaped, and edits go up under the true name', () => {
    const world = makePlanWorld({}, windowsRules);
    world.remote.write('d:1/CON', '1').write('d:1/end.', '2');
    world.sync();
    expect(world.local.list()).toEqual({ 'd%3A1/': '', 'd%3A1/CO%4E': '1', 'd%3A1/end%2E': '2' });
    world.local.write('d%3A1/CO%4E', '33').mv('d%3A1/end%2E', 'end%2E');
    world.sync();
    expect(world.remote.list()).toEqual({ 'd:1/': '', 'd:1/CON': '33', 'end.': '2' });
  });

  it('an escaped file that the index forgot is known again, not doubled', () => {
    const world = makePlanWorld({}, windowsRules);
    world.remote.write('a:b', '1');
    world.local.write('a%3Ab', '1');
    world.sync();
    expect(world.remote.list()).toEqual({ 'a:b': '1' });
    expect(world.local.list()).toEqual({ 'a%3Ab': '1' });
  });
});

describe('describeRule', () => {
  it('is a sentence', () => {
    expect(describeRule('edit-beats-delete')).toMatch(/^[A-Z].*\.$/);
  });
});
