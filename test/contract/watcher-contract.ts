import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RelativePath } from '../../src/common/relative-path.ts';
import type { Watcher, WatcherOptions, WatchHint } from '../../src/local/watcher.ts';
import { eventually } from '../helpers/eventually.ts';
import { tempFolder } from '../helpers/temp.ts';

export type MakeWatcher = (location: string, options: WatcherOptions) => Watcher;

/** Where the watched folder lies. Paths are absolute; `makeFolder` makes what is missing on the way, `remove` takes all. */
export interface Ground {
  /** An empty folder. */
  newFolder(): Promise<string>;
  makeFolder(path: string): void;
  write(path: string, text: string): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
}

const realGround: Ground = {
  newFolder: () => tempFolder('watch'),
  makeFolder: (path) => void mkdirSync(path, { recursive: true }),
  write: (path, text) => writeFileSync(path, text),
  rename: renameSync,
  remove: (path) => rmSync(path, { recursive: true }),
};

/** A watcher on a folder of its own, and all that it said. */
export interface Watched {
  readonly root: string;
  readonly watcher: Watcher;
  readonly hints: WatchHint[];
  /** Resolves when the folder was hinted at, alone or by a rescan, since the last `forget`. */
  dirty(folder: string): Promise<unknown>;
  hasHint(folder: string): boolean;
  forget(): void;
  at(path: string): string;
}

export async function watched(
  make: MakeWatcher,
  prepare: (root: string) => void = () => undefined,
  isIgnored: (folder: RelativePath) => boolean = () => false,
  ground: Ground = realGround,
): Promise<Watched> {
  const root = join(await ground.newFolder(), 'root');
  ground.makeFolder(root);
  prepare(root);
  const hints: WatchHint[] = [];
  const wakers = new Set<() => void>();
  const watcher = make(root, {
    isIgnored,
    onHint: (hint) => {
      hints.push(hint);
      for (const wake of [...wakers]) wake();
    },
  });
  await watcher.start();
  const hasHint = (folder: string): boolean =>
    hints.some((hint) => hint.type === 'rescan' || (hint.type === 'dirty' && hint.folders.has(folder as RelativePath)));
  const on = (wake: () => void): (() => void) => {
    wakers.add(wake);
    return () => void wakers.delete(wake);
  };
  return {
    root,
    watcher,
    hints,
    hasHint,
    dirty: (folder) => eventually(() => hasHint(folder), { what: `a hint at "${folder}"`, on }),
    forget: () => void hints.splice(0),
    at: (path) => join(root, path),
  };
}

const openHandles = (): number =>
  process.getActiveResourcesInfo().filter((name) => /FSEvent|StatWatcher|FSReq/.test(name)).length;

/** What every implementation of `Watcher` promises. */
export function watcherContract(title: string, make: MakeWatcher, ground: Ground = realGround): void {
  describe(`watcher: ${title}`, () => {
    let under: Watched;
    const start = async (
      ...rest: [prepare?: (root: string) => void, isIgnored?: (folder: RelativePath) => boolean]
    ) => {
      const [prepare, isIgnored] = rest;
      under = await watched(make, prepare, isIgnored, ground);
      return under;
    };
    let handles = 0;
    beforeEach(() => {
      handles = openHandles();
    });
    afterEach(async () => {
      await under.watcher.close();
      await under.watcher.close();
      await eventually(() => openHandles() <= handles, { what: 'the end of all handles' });
    });

    it('hints at the folder of a file that is made, written to, renamed and deleted', async () => {
      const { at, dirty, forget } = await start((root) => ground.makeFolder(join(root, 'd')));
      ground.write(at('d/f'), 'one');
      await dirty('d');
      forget();
      ground.write(at('d/f'), 'longer');
      await dirty('d');
      forget();
      ground.rename(at('d/f'), at('g'));
      await dirty('d');
      await dirty('');
      forget();
      ground.remove(at('g'));
      await dirty('');
    });

    it('names the entry, by both its names if it is renamed, or none, which means any', async () => {
      const { at, hints, forget } = await start((root) => {
        ground.makeFolder(join(root, 'd'));
        for (const name of ['f', 'g', 'h']) ground.write(join(root, 'd', name), '');
      });
      const isTold = (...names: string[]): boolean => {
        const told = hints.flatMap((hint) =>
          hint.type === 'dirty' ? (hint.folders.get('d' as RelativePath) ?? []) : [],
        );
        return names.every((name) => told.some((some) => some === 'all' || some.has(name)));
      };
      ground.write(at('d/f'), 'longer');
      await eventually(() => isTold('f'), { what: 'a hint at f' });
      forget();
      ground.rename(at('d/g'), at('d/f'));
      await eventually(() => isTold('f', 'g'), { what: 'a hint at both' });
      forget();
      ground.remove(at('d/h'));
      await eventually(() => isTold('h'), { what: 'a hint at h' });
    });

    it('hints at folders that are made at once with what is in them, and goes on watching them', async () => {
      const { at, dirty, forget } = await start();
      ground.makeFolder(at('a/b/c'));
      ground.write(at('a/b/c/f'), 'one');
      await dirty('a/b/c');
      forget();
      ground.write(at('a/b/c/f'), 'longer');
      await dirty('a/b/c');
    });

    it('follows a renamed folder', async () => {
      const { at, dirty, forget, hasHint } = await start((root) => ground.makeFolder(join(root, 'old/deep')));
      ground.rename(at('old'), at('new'));
      await dirty('');
      await dirty('new/deep');
      forget();
      ground.write(at('new/deep/f'), 'one');
      await dirty('new/deep');
      expect(hasHint('old/deep')).toBe(false);
    });

    it('notices a folder that moved in from elsewhere', async () => {
      const { root, at, dirty, forget } = await start();
      ground.makeFolder(`${root}-elsewhere/x`);
      ground.rename(`${root}-elsewhere`, at('d'));
      await dirty('d/x');
      forget();
      ground.write(at('d/x/f'), 'one');
      await dirty('d/x');
    });

    it('watches a folder that was deleted and made again', async () => {
      const { at, dirty, forget } = await start((root) => ground.makeFolder(join(root, 'd/e')));
      ground.remove(at('d'));
      await dirty('');
      ground.makeFolder(at('d/e'));
      await dirty('d/e');
      forget();
      ground.write(at('d/e/f'), 'one');
      await dirty('d/e');
    });

    it('goes on when a folder with content is replaced by a file', async () => {
      const { at, dirty, forget } = await start((root) => {
        ground.makeFolder(join(root, 'd/e'));
        for (let i = 0; i < 20; i++) ground.write(join(root, `d/f${i}`), '');
      });
      ground.remove(at('d'));
      ground.write(at('d'), 'a file');
      await dirty('');
      forget();
      ground.write(at('g'), 'one');
      await dirty('');
    });

    it('spends nothing on ignored folders and on its own', async () => {
      const prepare = (root: string): void => {
        for (const folder of ['.holdfast/stage', 'ignored/deep', 'd']) ground.makeFolder(join(root, folder));
      };
      const isIgnored = (folder: RelativePath): boolean => folder === 'ignored';
      const { at, dirty, hints, watcher } = await start(prepare, isIgnored);
      expect(watcher.watchCount).toBeLessThanOrEqual(4);
      ground.write(at('.holdfast/stage/x'), '');
      ground.write(at('ignored/deep/x'), '');
      ground.makeFolder(at('ignored/deep/new'));
      ground.write(at('d/x'), '');
      await dirty('d');
      const told = hints.flatMap((hint) => (hint.type === 'dirty' ? [...hint.folders.keys()] : []));
      expect(told.filter((folder) => folder.startsWith('.holdfast') || folder.startsWith('ignored'))).toEqual([]);
    });

    it('follows when other folders are ignored', async () => {
      let ignored = 'old';
      const prepare = (root: string): void => {
        for (const folder of ['old/deep', 'new/deep', 'd/e']) ground.makeFolder(join(root, folder));
      };
      const isIgnored = (folder: RelativePath): boolean => folder.split('/')[0] === ignored;
      const { at, dirty, forget, hints, watcher } = await start(prepare, isIgnored);
      ignored = 'new';
      watcher.follow();
      ground.write(at('old/deep/x'), '');
      await dirty('old/deep');
      forget();
      ground.write(at('new/deep/x'), '');
      ground.write(at('old/deep/y'), '');
      await dirty('old/deep');
      ground.write(at('d/e/x'), '');
      await dirty('d/e');
      const told = hints.flatMap((hint) => (hint.type === 'dirty' ? [...hint.folders.keys()] : []));
      expect(told.filter((folder) => folder.startsWith('new'))).toEqual([]);
    });

    it('misses no folder of many', async () => {
      const { at, dirty } = await start();
      const folders = Array.from({ length: 100 }, (_, i) => `d${i % 10}/e${i}`);
      for (const folder of folders) {
        ground.makeFolder(at(folder));
        for (let i = 0; i < 10; i++) ground.write(at(`${folder}/f${i}`), '');
      }
      await Promise.all(folders.map(dirty));
    });

    it('says so when the root is gone, and nothing after that', async () => {
      const { root, hints } = await start((folder) => ground.makeFolder(join(folder, 'd')));
      ground.remove(root);
      await eventually(() => hints.at(-1)?.type === 'failed', { what: 'the failure' });
      ground.makeFolder(join(root, 'd'));
      expect(hints.filter((hint) => hint.type === 'failed')).toHaveLength(1);
    });

    it('says nothing once it is closed', async () => {
      const { at, hints, watcher } = await start();
      ground.write(at('f'), '');
      const closing = watcher.close();
      const before = hints.length;
      await closing;
      const second = await watched(make, undefined, undefined, ground);
      ground.write(at('g'), '');
      ground.write(second.at('g'), '');
      await second.dirty('');
      await second.watcher.close();
      expect(hints).toHaveLength(before);
      expect(watcher.watchCount).toBe(0);
    });

    it('fails to start where no folder is', async () => {
      const { root } = await start();
      const watcher = make(`${root}-none`, { onHint: () => undefined, isIgnored: () => false });
      await expect(watcher.start()).rejects.toMatchObject({ kind: 'io' });
      await watcher.close();
    });
  });
}
