import { linkSync, symlinkSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { lastName, parentPath, type RelativePath } from '../../../src/common/relative-path.ts';
import { localPath } from '../../../src/engine/local-path.ts';
import { observeLocal } from '../../../src/engine/observe/observe-local.ts';
import type { ScanReport } from '../../../src/engine/observe/scan-report.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { addDirty, allOf, type DirtyFolders, type DirtyNames } from '../../../src/model/dirty-folders.ts';
import { gone, live, stamp } from '../../contract/index-fixtures.ts';
import { makeSimFileSystem } from '../../contract/sim-disk.ts';
import { localContext } from '../../helpers/local-context.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import { type Files, filesIn } from '../../helpers/scenario-files.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { simDisks } from '../../sim/disk/sim-traits.ts';

/** One that looks, with an index of its own. */
interface Looker {
  look(scope: 'all' | DirtyFolders): Promise<ScanReport>;
  /** Ids by path. */
  ids(): ReadonlyMap<string, string>;
  /** As after a sync. */
  agree(): void;
}

let files: Files;

async function looker(fs: FileSystem = openNodeFileSystem(files.root)): Promise<Looker> {
  const context = await localContext(fs);
  const { index } = context;
  return {
    look: (scope) => observeLocal(context, { scope, isContentSame: async () => false }),
    ids: () => new Map([...index.read.locals()].map(({ id }) => [localPath(index.read, id) ?? '?', id])),
    agree: () =>
      index.transaction((write) => {
        for (const row of [...index.read.synceds()]) {
          write.removeSynced(row.id);
          write.putVaultRow(gone(index.read.vaultRow(row.id), stamp(1)));
        }
        for (const row of [...index.read.locals()]) {
          write.putVaultRow(live(row, stamp(1)));
          write.putSynced({ ...row, localName: row.name });
        }
      }),
  };
}

const named = (...paths: readonly string[]): DirtyFolders => {
  const folders = new Map<RelativePath, DirtyNames>();
  for (const path of paths as readonly RelativePath[]) addDirty(folders, parentPath(path), new Set([lastName(path)]));
  return folders;
};

beforeEach(async () => {
  files = filesIn(await tempFolder('names'));
});

describe('a look at the names that are hinted at', () => {
  const folders = ['', 'd/', 'e/'];
  const names = ['a', 'b', 'a~', 'b.bak', 'c.tmp'];

  for (let seed = 1; seed <= Number(process.env['HOLDFAST_SEEDS'] ?? 60); seed++) {
    test(`says the same as listing their folders does (seed ${seed})`, async () => {
      const steps = randomSteps(seed);
      const [byName, byFolder] = [await looker(), await looker()];
      for (const folder of folders) files.write(`${folder}a`, `in ${folder}`.padEnd(8));
      /** What each node was called when it was first seen. */
      const firstNames = new Map<string, string>();
      const seen = ({ ids }: Looker, round: number): Record<string, string> => {
        const called: Record<string, string> = {};
        for (const [path, id] of [...ids()].sort()) {
          if (!firstNames.has(id)) firstNames.set(id, `${path} in round ${round}`);
          called[path] = firstNames.get(id) ?? '';
        }
        return called;
      };
      for (const one of [byName, byFolder]) await one.look('all');
      let last: string[] = [];
      for (let round = 0; round < 12; round++) {
        // What is not quiet yet is looked at again.
        const hinted: string[] = steps.below(2) === 0 ? last : [];
        last = hinted;
        const any = (): string => `${steps.pick(folders)}${steps.pick(names)}`;
        const move = (from: string, to: string): void => {
          files.mv(from, to);
          hinted.push(from, to);
        };
        const write = (path: string): void => {
          // Of one size, so that some contents are in doubt.
          files.write(path, `${round} ${hinted.length}`.padEnd(8));
          hinted.push(path);
        };
        const remove = (path: string): void => {
          files.rm(path);
          hinted.push(path);
        };
        const kinds: readonly ((path: string) => void)[] = [
          write,
          write,
          remove,
          (path) => move(path, any()),
          // Saves: by renaming over the file, and by way of a backup that stays or goes.
          (path) => {
            write(`${parentPath(path as RelativePath)}/c.tmp`.replace(/^\//, ''));
            move(hinted.at(-1) ?? '', path);
          },
          (path) => {
            move(path, `${path}~`);
            write(path);
            if (steps.below(2) === 0) remove(`${path}~`);
          },
          (path) => {
            symlinkSync('/no/such/folder/x', files.at(path));
            hinted.push(path);
          },
          (path) => {
            files.mkdir(path);
            hinted.push(path);
          },
          (path) => {
            const other = any();
            linkSync(files.at(path), files.at(other));
            hinted.push(other);
          },
        ];
        for (let step = steps.below(3); step >= 0; step--) {
          try {
            steps.pick(kinds)(any());
          } catch {
            // Not possible as the folder is now: no change, or half of one.
          }
        }
        const scope = named(...hinted);
        await byName.look(scope);
        await byFolder.look(allOf(scope.keys()));
        expect(seen(byName, round)).toEqual(seen(byFolder, round));
        if (steps.below(2) === 0) for (const one of [byName, byFolder]) one.agree();
      }
      const kept = byName.ids();
      await byName.look('all');
      expect(byName.ids()).toEqual(kept);
    });
  }
});

describe('a hint that comes alone', () => {
  const hidden: readonly (readonly [what: string, hint: readonly string[]])[] = [
    ['the name that it had', ['d/f']],
    ['the name that it has', ['d/g']],
  ];
  test.each(hidden)('a file is renamed, and only %s is hinted at: it keeps its node', async (_what, hint) => {
    files.write('d/f', '1');
    const one = await looker();
    await one.look('all');
    one.agree();
    const node = one.ids().get('d/f');
    files.mv('d/f', 'd/g');
    await one.look(named(...hint));
    expect([one.ids().get('d/f'), one.ids().get('d/g')]).toEqual([undefined, node]);
  });

  test('a file comes back to its name beside its backup, both hinted at: it keeps its node', async () => {
    files.write('doc', 'the first');
    const one = await looker();
    await one.look('all');
    one.agree();
    const node = one.ids().get('doc');
    files.mv('doc', 'doc.bak');
    await one.look(named('doc', 'doc.bak'));
    expect([...one.ids()]).toEqual([['doc.bak', node]]);
    files.write('doc', 'and other');
    await one.look(named('doc', 'doc.bak'));
    expect([one.ids().size, one.ids().get('doc')]).toEqual([2, node]);
  });

  test('a folder whose place another one took is not what is hinted at', async () => {
    files.write('d/f', '1');
    files.write('e/f', '2');
    const one = await looker();
    await one.look('all');
    const before = one.ids();
    files.mv('d', 't');
    files.mv('e', 'd');
    files.mv('t', 'e');
    await one.look(named('d/f'));
    expect(one.ids()).toMatchObject(new Map([...before].map(([path, id]) => [swapped(path), id])));
  });

  test('what is no longer skipped is looked at', async () => {
    symlinkSync('/no/such/folder', files.at('link'));
    const one = await looker();
    expect([...(await one.look('all')).unsynced.keys()]).toEqual(['link']);
    files.rm('link');
    const { seen, unsynced } = await one.look(named('link'));
    expect([[...seen], unsynced.size]).toEqual([['link'], 0]);
  });
});

const swapped = (path: string): string => path.replace(/^[de]/, (name) => (name === 'd' ? 'e' : 'd'));

test('very many names in one folder are the folder', () => {
  const folders = new Map<RelativePath, DirtyNames>();
  const folder = 'd' as RelativePath;
  for (let i = 0; i < 64; i++) addDirty(folders, folder, new Set([`f${i}`]));
  expect(folders.get(folder)).toHaveProperty('size', 64);
  addDirty(folders, folder, new Set(['f0']));
  expect(folders.get(folder)).toHaveProperty('size', 64);
  addDirty(folders, folder, new Set(['one more']));
  addDirty(folders, folder, new Set(['f0']));
  expect(folders.get(folder)).toBe('all');
});

describe('on a disk that takes several names for one', () => {
  test.each(Object.entries({ apfs: simDisks.apfs, 'hfs+': simDisks['hfs+'], ntfs: simDisks.ntfs, fat: simDisks.fat }))(
    'the index has the spelling of the disk, whatever was hinted at (%s)',
    async (_name, traits) => {
      const { fs, other } = await makeSimFileSystem(traits, 'path');
      const one = await looker(fs);
      await other.write('Doc', 'one');
      await one.look('all');
      const node = one.ids().get('Doc');
      await other.rename('Doc', 'doc');
      await one.look(named('Doc'));
      await one.look(named('doc'));
      expect([...one.ids()]).toEqual([['doc', node]]);
      await other.write('Text', 'two');
      await one.look(named('text'));
      expect([...one.ids().keys()].sort()).toEqual(['Text', 'doc']);
      await other.remove('Text');
      await one.look(named('TEXT'));
      expect([...one.ids().keys()]).toEqual(['doc']);
    },
  );
});
