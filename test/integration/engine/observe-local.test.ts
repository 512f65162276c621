import { beforeEach, describe, expect, test } from 'vitest';
import { diskError } from '../../../src/common/disk-error.ts';
import type { RelativePath } from '../../../src/common/relative-path.ts';
import type { LocalContext } from '../../../src/engine/context.ts';
import { localPath } from '../../../src/engine/local-path.ts';
import { observeLocal } from '../../../src/engine/observe/observe-local.ts';
import type { Disk, DiskStats } from '../../../src/local/disk.ts';
import { makeIgnoreRules } from '../../../src/local/ignore-rules.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { allOf } from '../../../src/model/dirty-folders.ts';
import { localContext } from '../../helpers/local-context.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import { type Files, filesIn } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';

let files: Files;
let context: LocalContext;

beforeEach(async () => {
  const root = await tempFolder('observe');
  files = filesIn(root);
  context = await localContext(openNodeFileSystem(root));
});

/** Nothing counts as unchanged unless its times say so. */
const isContentSame = async (): Promise<boolean> => false;

async function observe(...folders: readonly string[]): Promise<void> {
  const scope = folders.length === 0 ? 'all' : allOf(folders as readonly RelativePath[]);
  await observeLocal(context, { scope, isContentSame });
}

/** Ids by path, as the index has them. */
const observed = (): Record<string, string> => {
  const paths: [string, string][] = [];
  for (const row of context.index.read.locals()) paths.push([localPath(context.index.read, row.id) ?? '?', row.id]);
  return Object.fromEntries(paths.sort(([a], [b]) => (a < b ? -1 : 1)));
};

const onDisk = (): string[] => Object.keys(files.tree()).map((path) => path.replace(/\/$/, ''));

describe('a folder in another one of its name', () => {
  for (const way of ['in', 'in/deeper']) {
    test(`wrapped as a/${way}: nothing is its own parent, and what is in it keeps its node`, async () => {
      files.write('a/x', '1');
      files.write('a/sub/y', '22');
      await observe();
      const before = observed();
      files.mkdir(way === 'in' ? 'new' : 'new/in');
      files.mv('a', `new/${way}`);
      files.mv('new', 'a');
      await observe();
      const after = observed();
      expect(Object.keys(after)).toEqual(onDisk().sort());
      expect(after[`a/${way}/x`]).toBe(before['a/x']);
      expect(after[`a/${way}/sub`]).toBe(before['a/sub']);
      expect(after[`a/${way}/sub/y`]).toBe(before['a/sub/y']);
      expect(context.index.integrityCheck()).toEqual([]);
    });
  }

  test('wrapped right in it, the folder itself keeps its node, so that one move is all', async () => {
    files.write('a/x', '1');
    await observe();
    const before = observed();
    files.mkdir('new');
    files.mv('a', 'new/a');
    files.mv('new', 'a');
    await observe();
    expect(observed()['a/a']).toBe(before['a']);
  });
});

describe('looking at some folders', () => {
  test('two folders that swapped names keep their nodes and what is in them, whichever of them is hinted at', async () => {
    files.write('a/x', '1');
    files.write('b/y', '22');
    await observe();
    for (const scope of [['', 'a', 'b'], [''], ['a', 'b'], ['b']]) {
      const before = observed();
      files.mv('a', 't');
      files.mv('b', 'a');
      files.mv('t', 'b');
      await observe(...scope);
      expect(Object.keys(observed())).toEqual(onDisk().sort());
      expect(new Set(Object.values(observed()))).toEqual(new Set(Object.values(before)));
      expect(observed()).toMatchObject({ a: before['b'], b: before['a'] });
    }
  });

  test('a folder moved away and another one with the same names at its place are two', async () => {
    files.write('a/sub/f', '1');
    await observe();
    const before = observed();
    files.mv('a', 'b');
    files.write('a/sub/f', '22');
    await observe('a', 'a/sub', '');
    expect(observed()).toMatchObject({ b: before['a'], 'b/sub': before['a/sub'], 'b/sub/f': before['a/sub/f'] });
    expect(Object.keys(observed())).toEqual(onDisk().sort());
  });

  for (let seed = 1; seed <= Number(process.env['HOLDFAST_SEEDS'] ?? 30); seed++) {
    test(`finds what happened in folders that are hinted at, as looking at everything does (seed ${seed})`, async () => {
      const steps = randomSteps(seed);
      const names = ['a', 'b', 'c'];
      for (const outer of names) for (const inner of names) files.write(`${outer}/${inner}/f`, `${outer} ${inner}`);
      await observe();
      for (let round = 0; round < 6; round++) {
        const hinted = new Set<string>();
        // As a watcher does: the folder of each entry that came or went, and folders that came, with those in them.
        const hint = (path: string): void => {
          hinted.add(path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '');
          for (const at of Object.keys(files.tree())) {
            if (at.endsWith('/') && at.startsWith(`${path}/`)) hinted.add(at.slice(0, -1));
          }
        };
        for (let step = 0; step < 4; step++) {
          const folders = ['', ...Object.keys(files.tree()).filter((path) => path.endsWith('/'))];
          const all = Object.keys(files.tree()).map((path) => path.replace(/\/$/, ''));
          if (all.length === 0) break;
          const from = steps.pick(all);
          const to = `${steps.pick(folders)}${steps.pick(names)}`;
          try {
            if (steps.below(4) === 0) {
              files.rm(from);
              hint(from);
            } else if (!`${to}/`.startsWith(`${from}/`)) {
              files.mv(from, to);
              hint(from);
              hint(to);
            }
          } catch {
            // Not possible as the folder is now: no change.
          }
        }
        if (hinted.size === 0) continue;
        await observe(...hinted);
        expect(Object.keys(observed())).toEqual(onDisk().sort());
      }
      const kept = observed();
      await observe();
      expect(observed()).toEqual(kept);
      expect(context.index.integrityCheck().filter((problem) => !problem.includes('diverged'))).toEqual([]);
    });
  }
});

describe('a save by way of a backup', () => {
  /** As after a sync. */
  const agree = (): void =>
    context.index.transaction((write) => {
      for (const row of [...context.index.read.locals()]) write.putSynced({ ...row, localName: row.name });
    });

  // Any of the moments between its steps may be looked at.
  for (let looks = 0; looks < 8; looks++) {
    const looked = [1, 2, 4].filter((bit) => looks & bit).length;
    test(`keeps the node of the file, with ${looked} looks in between (${looks.toString(2).padStart(3, '0')})`, async () => {
      for (const [doc, isKept] of [
        ['d/doc', true],
        ['d/text', false],
      ] as const) {
        const backup = `${doc}~`;
        files.write(doc, 'the first');
        await observe();
        agree();
        const before = observed()[doc];
        const lookIf = async (bit: number): Promise<void> => {
          if (looks & bit) await observe('d');
        };
        files.mv(doc, backup);
        await lookIf(1);
        files.write(doc, '');
        await lookIf(2);
        files.write(doc, 'the second one');
        await lookIf(4);
        if (!isKept) files.rm(backup);
        await observe('d');
        expect(observed()[doc]).toBe(before);
        expect(Object.keys(observed())).toEqual(onDisk());
        const kept = observed();
        await observe();
        expect(observed()).toEqual(kept);
      }
    });
  }

  test('a file renamed, and another one made under its name, are two as before', async () => {
    files.write('doc', 'the first');
    await observe();
    agree();
    const before = observed()['doc'];
    files.mv('doc', 'doc of last year');
    files.write('doc', 'another');
    await observe();
    expect(observed()['doc of last year']).toBe(before);
  });
});

describe('a name that the disk spells otherwise than it was given', () => {
  test('what cannot be looked at under that spelling is unknown, not deleted', async () => {
    const nfc = 'caf\u00e9';
    files.write(`d/${nfc}`, '1');
    await observe();
    const before = observed();
    // As HFS+ lists it, in a folder whose names can be read but not looked at.
    const { fs, traits } = context;
    context = {
      ...context,
      traits: { ...traits, nameRules: { ...traits.nameRules, isNormalizationSensitive: false } },
      fs: {
        ...fs,
        listFolder: async (path) => {
          const outcome = await fs.listFolder(path);
          if (!outcome.ok || path !== 'd') return outcome;
          const name = nfc.normalize('NFD');
          const problems = [{ display: name, name, fault: null, error: diskError('denied') }];
          return { ok: true, listing: { ...outcome.listing, entries: [], problems } };
        },
      },
    };
    await observe();
    expect(observed()).toEqual(before);
  });
});

test('CLK-05 on FAT as Windows shows it, a second save within one step of its clock is seen', async () => {
  const step = 2000;
  // Every ctime there is the system's zero, of which Node keeps 32 bits.
  const asOnFat = <S extends DiskStats | undefined>(stats: S): S =>
    stats && Object.assign(stats, { mtimeMs: Math.floor(stats.mtimeMs / step) * step, ctimeMs: 1_240_428_288_000 });
  const disk: Disk = {
    ...nodeDisk,
    lstatSync: (path) => asOnFat(nodeDisk.lstatSync(path)),
    fstatSync: (handle) => asOnFat(nodeDisk.fstatSync(handle)),
  };
  const fs = openNodeFileSystem(files.root, { disk });
  context = { ...context, fs, traits: { ...context.traits, mtimeStepUs: step * 1000 } };
  const revision = (): unknown => [...context.index.read.locals()][0]?.revision;
  files.write('f', 'one');
  await observe();
  const first = revision();
  files.write('f', 'two');
  await observe();
  expect(revision()).not.toBe(first);
});

test('IGN-11 while rules are not understood and none were before, nothing below their folder is taken up', async () => {
  files.write('.holdfastignore', 'secret\n');
  files.write('sub/inner/x', '1');
  await observe();
  const before = observed();
  files.write('.holdfastignore', '*a*b*c*d*e*f*\n');
  files.write('sub/secret', 'never to be uploaded');
  files.write('sub/inner/secret', 'nor this');
  // As after a restart.
  context = { ...context, ignore: makeIgnoreRules() };
  await observe();
  await observe('sub');
  await observe('sub/inner');
  expect(observed()).toEqual(before);
  files.write('.holdfastignore', 'secret\n#\n');
  await observe();
  expect(Object.keys(observed())).toEqual(Object.keys(before));
});
