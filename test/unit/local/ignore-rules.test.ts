import ignore from 'ignore';
import { describe, expect, it } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import { must } from '../../../src/common/errors.ts';
import { parsePath, type RelativePath } from '../../../src/common/relative-path.ts';
import { defaultIgnores, isDefaultIgnored } from '../../../src/local/default-ignores.ts';
import type { DiskReader, Listing } from '../../../src/local/file-system.ts';
import { parseRules } from '../../../src/local/ignore-patterns.ts';
import { type IgnoreRules, makeIgnoreRules, type RulesOutcome } from '../../../src/local/ignore-rules.ts';
import type { Entry, Stat } from '../../../src/model/stat.ts';

const path = (text: string): RelativePath => must(parsePath(text));
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

let clock = 0;
const stat = (size: number): Stat => {
  clock++;
  const kind = 'file';
  return { kind, size, mtimeUs: clock, ctimeUs: clock, birthUs: 0, dev: 1, ino: clock, exec: false, linkCount: 1 };
};

/** Shows `rules` a folder whose rules file holds `content` (null: there is none; an error: it cannot be read). */
async function show(rules: IgnoreRules, folder: string, content: Uint8Array | null | Error): Promise<RulesOutcome> {
  const size = content instanceof Uint8Array ? content.length : 0;
  const entry: Entry = { ...stat(size), name: '.holdfastignore' };
  const listing: Listing = { folder: stat(0), entries: content === null ? [] : [entry], problems: [] };
  const reader: DiskReader = {
    listFolder: async () => ({ ok: true, listing }),
    listNamed: async () => ({ ok: true, listing }),
    stat: async () => entry,
    openFile: async () => {
      if (!(content instanceof Uint8Array)) throw content;
      return {
        stat: entry,
        read: async (buffer) => {
          buffer.set(content);
          return content.length;
        },
        isUnchanged: async () => true,
        close: async () => undefined,
      };
    },
    readFiles: async () => [],
  };
  return rules.update(reader, path(folder), listing);
}

async function rulesOf(files: Record<string, string>): Promise<IgnoreRules> {
  const rules = makeIgnoreRules();
  for (const [folder, text] of Object.entries(files)) await show(rules, folder, bytes(text));
  return rules;
}

describe('ignore rules', () => {
  it.each([
    ['.DS_Store', false],
    ['THUMBS.DB', false],
    ['Icon\r', false],
    ['._report.docx', false],
    ['~$report.docx', false],
    ['.~lock.a.odt#', false],
    ['.f.swp', false],
    ['.goutputstream-AB12CD', false],
    ['big.iso.crdownload', false],
    ['.fuse_hidden0001', false],
    ['.nfs000000000a1b2c3d00000001', false],
    ['lost+found', true],
    ['$RECYCLE.BIN', true],
  ])('leaves out %s by itself', (name, isFolder) => {
    expect(makeIgnoreRules().isIgnored(path(`deep/${name}`), isFolder)).toBe(true);
  });

  it.each([
    'doc~',
    'lost+found',
    'report.docx',
    'part',
    '.part-list',
    'a.parts',
    'Icon',
    '_.txt',
    '.nfsd',
    '4913',
    'f.tmp',
    '.git',
  ])('syncs the file %s', (name) => {
    expect(makeIgnoreRules().isIgnored(path(name), false)).toBe(false);
  });

  it('knows nothing of what is in a folder that could not be listed, until it is', async () => {
    const rules = makeIgnoreRules();
    await show(rules, 'd', bytes('*.tmp'));
    rules.unlisted(path('d'));
    expect([rules.unknownAbove(path('d/e')), rules.unknownAbove(path('e'))]).toEqual(['d', null]);
    expect(await show(rules, 'd', bytes('*.tmp'))).toMatchObject({ isChanged: true });
    expect(rules.unknownAbove(path('d/e'))).toBeNull();
  });

  it('keeps no folder for what the system makes by itself, unless a rule takes it in', async () => {
    const isRegrowing = (rules: IgnoreRules) =>
      ['a/Desktop.ini', 'a/._b', 'a/b'].map((each) => rules.isRegrowing(path(each)));
    expect(isRegrowing(makeIgnoreRules())).toEqual([true, true, false]);
    expect(isRegrowing(await rulesOf({ '': '!._*\n' }))).toEqual([true, false, false]);
  });

  it('reads its own defaults as gitignore does', () => {
    const reference = ignore({ ignorecase: true }).add(defaultIgnores);
    const names = [
      'a',
      'A.PART',
      '.x.swp',
      '~$a',
      '.nfs1',
      '.nfsx',
      '.Trash-1000',
      'desktop.ini',
      'x.partial',
      'Icon\r',
      'icon',
    ];
    for (const name of [...names, ...defaultIgnores.map((glob) => glob.replace(/\*/g, 'q').replace(/\/$/, ''))]) {
      for (const isFolder of [false, true]) {
        expect([name, isFolder, isDefaultIgnored(name, isFolder)]).toEqual([
          name,
          isFolder,
          reference.ignores(isFolder ? `${name}/` : name),
        ]);
      }
    }
  });

  it('tells folders from files, takes back, anchors', async () => {
    const rules = await rulesOf({ '': 'tmp/\n*.log\n!keep.log\n/only-here\n# comment\n' });
    expect(rules.isIgnored(path('a/tmp'), true)).toBe(true);
    expect(rules.isIgnored(path('a/tmp/x'), false)).toBe(true);
    expect(rules.isIgnored(path('b/tmp'), false)).toBe(false);
    expect(rules.isIgnored(path('x.log'), false)).toBe(true);
    expect(rules.isIgnored(path('a/keep.log'), false)).toBe(false);
    expect(rules.isIgnored(path('only-here'), false)).toBe(true);
    expect(rules.isIgnored(path('a/only-here'), false)).toBe(false);
  });

  it('lets a person take back a default', async () => {
    const rules = await rulesOf({ '': '!*.part\n' });
    expect(rules.isIgnored(path('song.part'), false)).toBe(false);
  });

  it('nests: deeper rules win for what is below them', async () => {
    const rules = await rulesOf({ '': '*.log\nsub/kept\n', sub: '!*.log\n*.tmp\n!kept\n' });
    expect(rules.isIgnored(path('a.log'), false)).toBe(true);
    expect(rules.isIgnored(path('sub/deep/a.log'), false)).toBe(false);
    expect(rules.isIgnored(path('sub/a.tmp'), false)).toBe(true);
    expect(rules.isIgnored(path('a.tmp'), false)).toBe(false);
    expect(rules.isIgnored(path('sub/kept'), true)).toBe(false);
    expect(rules.isIgnored(path('sub/kept/f'), false)).toBe(false);
  });

  it('takes both Unicode forms of a name for the same', async () => {
    const rules = await rulesOf({ '': 'caf\u00e9\n' });
    expect(rules.isIgnored(path('cafe\u0301'), false)).toBe(true);
  });

  it('keeps the last good rules when the file breaks or cannot be read, and says so', async () => {
    const rules = await rulesOf({ '': '*.log\n' });
    for (const content of [new Uint8Array([0xff, 0xfe]), bytes('a\0b'), bytes('*a*a*a*a*a\n'), diskError('denied')]) {
      const outcome = await show(rules, '', content);
      expect(outcome).toMatchObject({ isChanged: false, isUsable: true });
      expect(outcome.error?.message).toBeTruthy();
      expect(rules.isIgnored(path('x.log'), false)).toBe(true);
    }
    expect(await show(rules, '', null)).toEqual({ isChanged: true, error: null, isUsable: true });
    expect(rules.isIgnored(path('x.log'), false)).toBe(false);
  });

  it('is of no use when the file never could be read', async () => {
    const outcome = await show(makeIgnoreRules(), '', diskError('denied'));
    expect(outcome).toMatchObject({ isChanged: false, isUsable: false });
  });

  it('judges a hostile name against hostile rules in time', () => {
    const parsed = parseRules(bytes(`${'*a'.repeat(4)}b\n`));
    if (!parsed.ok) throw parsed.error;
    const before = process.cpuUsage();
    parsed.value.judge(`${'a'.repeat(80)}/x`);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });

  it('takes as many rules as anyone has, and refuses more, which would take minutes for each folder', () => {
    const of = (count: number) => bytes(`# a comment\n\n${'a\n'.repeat(count)}`);
    expect(parseRules(of(2000))).toMatchObject({ ok: true });
    const before = process.cpuUsage();
    const parsed = parseRules(of(524_000));
    expect(parsed.ok ? null : parsed.error.message).toContain('line 2003 of the ignore rules');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });

  it('takes a rule as long as a path, and refuses a longer one, which would take seconds to understand', () => {
    expect(parseRules(bytes(`${'*/'.repeat(2048)}\n`))).toMatchObject({ ok: true });
    const before = process.cpuUsage();
    const parsed = parseRules(bytes(`ok\n${'*/'.repeat(500_000)}\n`));
    expect(parsed.ok ? null : parsed.error.message).toContain('line 2 of the ignore rules');
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });

  it('judges a deep path against hostile rules in time, and refuses rules for which it could not', () => {
    for (const count of [3, 8, 100]) {
      expect(parseRules(bytes(`ok\n${'**/a/'.repeat(count)}b\n`))).toMatchObject({ ok: false });
      expect(parseRules(bytes(`!${'**/'.repeat(count)}b\n`))).toMatchObject({ ok: false });
    }
    const parsed = parseRules(bytes('**/a/**/b\na/**/b/**/c/**\n'));
    if (!parsed.ok) throw parsed.error;
    const before = process.cpuUsage();
    parsed.value.judge(`${'a/'.repeat(250)}c`);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(1_000);
  });
});
