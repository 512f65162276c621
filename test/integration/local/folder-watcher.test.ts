import {
  chmodSync,
  closeSync,
  type FSWatcher,
  mkdirSync,
  openSync,
  rmSync,
  watch,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeFolderWatcher } from '../../../src/local/folder-watcher.ts';
import { type Watched, watched } from '../../contract/watcher-contract.ts';
import { eventually } from '../../helpers/eventually.ts';

let under: Watched;
afterEach(async () => under.watcher.close());

const tree = (root: string): void => {
  for (let i = 0; i < 10; i++) mkdirSync(join(root, `d${i}/e`), { recursive: true });
};

function withRoomFor(watches: number): NonNullable<Parameters<typeof makeFolderWatcher>[2]> {
  let room = watches;
  return (path, listener): FSWatcher => {
    if (room === 0) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    room--;
    const opened = watch(path, listener);
    const close = opened.close.bind(opened);
    return Object.assign(opened, {
      close: () => {
        room++;
        close();
      },
    });
  };
}

describe.runIf(process.platform === 'linux')('one watch for each folder', () => {
  it('says which folders found no room, and takes them in when there is room again', async () => {
    under = await watched((location, options) => makeFolderWatcher(location, options, withRoomFor(6)), tree);
    const { watcher, hints, at, dirty, forget } = under;
    expect(watcher.watchCount).toBe(6);
    const missed = [...watcher.unwatched];
    await eventually(() => hints.some((hint) => hint.type === 'coverage'));

    const seen = [...Array(10).keys()].find((i) => !missed.some((folder) => folder.startsWith(`d${i}`)));
    rmSync(at(`d${seen}`), { recursive: true });
    const found = await eventually(() => missed.find((folder) => !watcher.unwatched.has(folder)));
    await dirty(found);
    forget();
    writeFileSync(at(`${found}/f`), '');
    await dirty(found);
  });

  it('tries again what found no room with one look at each, however many there are', async () => {
    const count = 300;
    const many = (root: string): void => {
      for (let i = 0; i < count; i++) mkdirSync(join(root, `d${i}`));
    };
    const limit = withRoomFor(6);
    let tries = 0;
    const counted: typeof limit = (...asked) => {
      tries++;
      return limit(...asked);
    };
    under = await watched((location, options) => makeFolderWatcher(location, options, counted), many);
    const { unwatched, retry } = under.watcher;
    const missed = count - 5;
    expect([unwatched.size, tries]).toEqual([missed, count + 1]);
    let steps = 0;
    const values = unwatched.values.bind(unwatched);
    Object.assign(unwatched, {
      *[Symbol.iterator]() {
        for (const value of values()) {
          steps++;
          yield value;
        }
      },
    });
    retry();
    await eventually(() => tries === count + 1 + missed && unwatched.size === missed);
    expect(steps).toBeLessThan(5 * count);
  });

  it('misses nothing that is ignored by now, and gives the room of that to what is not', async () => {
    let isIgnored = (_folder: string): boolean => false;
    under = await watched(
      (location, options) => makeFolderWatcher(location, options, withRoomFor(8)),
      tree,
      (folder) => isIgnored(folder),
    );
    const { watcher, at, dirty, forget } = under;
    const missed = new Set<string>(watcher.unwatched);
    isIgnored = (folder) => missed.has(folder);
    watcher.follow();
    expect([watcher.unwatched.size, watcher.watchCount]).toEqual([0, 8]);
    const [left] = [...missed].map((folder) => folder.slice(0, 2));
    isIgnored = (folder) => folder !== left && folder !== `${left}/e`;
    watcher.follow();
    await dirty(`${left}/e`);
    expect(watcher.unwatched.size).toBe(0);
    expect(watcher.watchCount).toBe(3);
    forget();
    writeFileSync(at(`${left}/e/f`), '');
    await dirty(`${left}/e`);
  });

  it('takes in what found no room, even the root, when it is told to try again', async () => {
    let limit = withRoomFor(0);
    under = await watched(
      (location, options) => makeFolderWatcher(location, options, (...asked) => limit(...asked)),
      tree,
    );
    const { watcher, at, dirty, forget } = under;
    watcher.retry();
    expect([...watcher.unwatched]).toEqual(['']);
    limit = withRoomFor(6);
    watcher.retry();
    await eventually(() => watcher.watchCount === 6);
    limit = withRoomFor(100);
    watcher.retry();
    await eventually(() => watcher.watchCount === 21 && watcher.unwatched.size === 0);
    await dirty('d9');
    forget();
    writeFileSync(at('d9/e/f'), '');
    await dirty('d9/e');
  });

  it('comes to an end where a folder can be listed but not entered', async () => {
    const nobody = 65_534;
    const isRoot = process.getuid?.() === 0;
    if (isRoot) {
      process.setegid?.(nobody);
      process.seteuid?.(nobody);
    }
    try {
      let opened = 0;
      const counted = (...[path, listener]: Parameters<ReturnType<typeof withRoomFor>>): FSWatcher => {
        opened++;
        return watch(path, listener);
      };
      under = await watched(
        (location, options) => makeFolderWatcher(location, options, counted),
        (root) => {
          mkdirSync(join(root, 'closed/in'), { recursive: true });
          mkdirSync(join(root, 'gone'));
          chmodSync(join(root, 'closed'), 0o400);
        },
      );
      expect([...under.watcher.unwatched]).toEqual(['closed']);
      rmSync(under.at('gone'), { recursive: true });
      await under.dirty('');
      expect(opened).toBe(3);
    } finally {
      chmodSync(under.at('closed'), 0o700);
      if (isRoot) {
        process.seteuid?.(0);
        process.setegid?.(0);
      }
    }
  });

  it('asks for a rescan when a stall lost events, and watches what was made meanwhile', async () => {
    under = await watched(makeFolderWatcher, tree);
    const { at, hints, dirty, forget } = under;
    // The loop stands still: more than the kernel's queue can hold.
    const files = ['d0/f', 'd1/f'].map((name) => openSync(at(name), 'w'));
    for (let i = 0; i < 10_000; i++) for (const file of files) writeSync(file, 'a', 0);
    for (const file of files) closeSync(file);
    mkdirSync(at('unseen/deep'), { recursive: true });
    await eventually(() => hints.some((hint) => hint.type === 'rescan'), { what: 'a rescan' });
    forget();
    writeFileSync(at('unseen/deep/f'), '');
    await dirty('unseen/deep');
  });

  it('watches a folder that was a file for a while', async () => {
    under = await watched(makeFolderWatcher, tree);
    const { at, dirty, forget, watcher } = under;
    rmSync(at('d1'), { recursive: true });
    writeFileSync(at('d1'), 'a file');
    await dirty('');
    rmSync(at('d1'));
    mkdirSync(at('d1/e'), { recursive: true });
    await dirty('d1/e');
    forget();
    writeFileSync(at('d1/e/f'), 'one');
    await dirty('d1/e');
    expect(watcher.unwatched.size).toBe(0);
  });

  it('watches 2,000 folders quickly and lets them go', async () => {
    under = await watched(makeFolderWatcher, (root) => {
      for (let i = 0; i < 2_000; i++) mkdirSync(join(root, `${i % 40}/${i}`), { recursive: true });
    });
    expect(under.watcher.watchCount).toBe(2_041);
    expect(under.watcher.unwatched.size).toBe(0);
    await under.watcher.close();
    expect(under.watcher.watchCount).toBe(0);
  });
});
