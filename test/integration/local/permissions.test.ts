import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskReason } from '../../../src/common/disk-error.ts';
import { must } from '../../../src/common/errors.ts';
import { makeIgnoreRules } from '../../../src/local/ignore-rules.ts';
import { canAnchorByHandle } from '../../../src/local/local-root.ts';
import { bytes, found, path, reasonOf, stageText } from '../../contract/file-system-contract.ts';
import { makeNodeDisk } from '../../contract/node-disk.ts';
import { type WalkedFolder, walk } from '../../helpers/walk.ts';

const isRoot = process.getuid?.() === 0;
const nobody = 65_534;

/** Permissions do not bind root: it takes another person's effective id for a while. */
async function asPerson<T>(work: () => Promise<T>): Promise<T> {
  if (!isRoot) return work();
  process.setegid?.(nobody);
  process.seteuid?.(nobody);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
}

describe.runIf(process.platform !== 'win32')('permissions', () => {
  let disk: Awaited<ReturnType<typeof makeNodeDisk>>;
  const at = (name: string): string => join(disk.root, name);
  beforeEach(async () => {
    disk = await makeNodeDisk(canAnchorByHandle() ? 'handle' : 'path');
    if (!isRoot) return;
    chmodSync(dirname(disk.root), 0o755);
    chownSync(disk.root, nobody, nobody);
  });
  afterEach(async () => disk.dispose());

  it('calls an unreadable folder unknown, not empty, and an unreadable file denied', async () => {
    mkdirSync(at('d/e'), { recursive: true });
    writeFileSync(at('f'), 'one');
    if (isRoot) chownSync(at('d'), nobody, nobody);
    chmodSync(at('d'), 0);
    chmodSync(at('f'), 0);
    await asPerson(async () => {
      const all = new Map<string, WalkedFolder>();
      for await (const folder of walk(disk.fs, makeIgnoreRules())) all.set(folder.path, folder);
      expect(
        all
          .get('')
          ?.seen?.entries.map((entry) => entry.name)
          .sort(),
      ).toEqual(['d', 'f']);
      expect(diskReason(must(all.get('d')).error)).toBe('denied');
      expect(await reasonOf(disk.fs.openFile(path('f')))).toBe('denied');
      // Behind it nothing is certain either.
      expect(await reasonOf(disk.fs.stat(path('d/e')))).toBe('denied');
    });
    chmodSync(at('d'), 0o700);
  });

  it('calls entries unknown in a folder whose names can be read but not looked at', async () => {
    mkdirSync(at('d'));
    writeFileSync(at('d/f'), 'one');
    if (isRoot) chownSync(at('d'), nobody, nobody);
    chmodSync(at('d'), 0o400);
    await asPerson(async () => {
      const outcome = await disk.fs.listFolder(path('d'));
      // Either answer says "unknown": the folder as a whole, or each entry.
      const problems = outcome.ok ? outcome.listing.problems : [{ name: 'f', error: outcome.error }];
      expect(problems).toMatchObject([{ name: 'f', error: { reason: 'denied' } }]);
      expect(outcome.ok ? outcome.listing.entries : []).toEqual([]);
    });
    chmodSync(at('d'), 0o700);
  });

  it('changes nothing in a folder that is read-only', async () => {
    mkdirSync(at('d'));
    writeFileSync(at('d/f'), 'one');
    chmodSync(at('d'), 0o555);
    for (const name of isRoot ? ['d/f', 'd'] : []) chownSync(at(name), nobody, nobody);
    await asPerson(async () => {
      const { fs } = disk;
      const stat = await found(fs, 'd/f');
      expect(await reasonOf(fs.makeFolder(path('d/new')))).toBe('denied');
      expect(await reasonOf(fs.placeStaged(await stageText(fs, 'x'), path('d/new'), null, 'b1'))).toBe('denied');
      expect(await reasonOf(fs.placeStaged(await stageText(fs, 'x'), path('d/f'), stat, 'b1'))).toBe('denied');
      // It had a second name for a moment, which its ctime tells.
      const now = await found(fs, 'd/f');
      expect(await reasonOf(fs.trashFile(path('d/f'), now, 'b1'))).toBe('denied');
      expect(await fs.listTrash()).toEqual([]);
      expect(readFileSync(at('d/f'), 'utf8')).toBe('one');
    });
    chmodSync(at('d'), 0o755);
  });

  it('takes up again what could not replace a read-only file', async () => {
    mkdirSync(at('d'));
    writeFileSync(at('d/f'), 'one');
    chmodSync(at('d/f'), 0o444);
    for (const name of isRoot ? ['d/f', 'd'] : []) chownSync(at(name), nobody, nobody);
    const key = '0123456789abcdef'.repeat(2);
    const replace = async (): Promise<void> => {
      const file = await disk.fs.createStaged(key);
      if (file.leftBytes === 0) await file.write(bytes('two'), 0);
      await file.finish({ mtimeUs: 1_700_000_000_000_000, exec: false });
      await disk.fs.syncStaged([file]);
      const stat = await found(disk.fs, 'd/f');
      await disk.fs.placeStaged(file, path('d/f'), stat, 'b1').finally(() => file.leave());
    };
    await asPerson(async () => {
      chmodSync(at('d'), 0o555);
      expect(await reasonOf(replace())).toBe('denied');
      chmodSync(at('d'), 0o755);
      await replace();
      expect(readFileSync(at('d/f'), 'utf8')).toBe('two');
      expect((await found(disk.fs, 'd/f')).exec).toBe(false);
    });
  });

  describe.runIf(isRoot)('a file of another group, or of another person', () => {
    const replace = async (): Promise<string> => {
      await disk.fs.placeStaged(await stageText(disk.fs, 'new'), path('f'), await found(disk.fs, 'f'), 'b1');
      expect(readFileSync(at('f'), 'utf8')).toBe('new');
      const { uid, gid, mode } = statSync(at('f'));
      return `${uid}:${gid} ${(mode & 0o777).toString(8)}`;
    };
    const make = (uid: number, gid: number, mode: number): void => {
      writeFileSync(at('f'), 'old');
      chownSync(at('f'), uid, gid);
      chmodSync(at('f'), mode);
    };

    it('stays theirs where it may be given to them', async () => {
      make(nobody, 1234, 0o640);
      expect(await replace()).toBe(`${nobody}:1234 640`);
    });

    it.each([
      [0o640, '600'],
      [0o664, '644'],
      [0o644, '644'],
    ])('of mode %o is not shown to a group that could not read it', async (mode, shown) => {
      make(nobody, 1234, mode);
      expect(await asPerson(replace)).toBe(`${nobody}:${nobody} ${shown}`);
    });
  });

  // Linux refuses second names of files of others (fs.protected_hardlinks): the same way as volumes without hard links.
  it.runIf(isRoot && process.platform === 'linux')(
    'does without hard links: moves by rename, keeps by copy',
    async () => {
      for (const name of ['f', 'g', 'h']) writeFileSync(at(name), `content of ${name}`);
      await asPerson(async () => {
        const { fs } = disk;
        const moved = await fs.move(path('f'), path('moved'), await found(fs, 'f'));
        expect(moved.linkCount).toBe(1);
        expect(await reasonOf(fs.move(path('g'), path('moved'), await found(fs, 'g')))).toBe('exists');
        const before = await found(fs, 'g');
        const placed = await fs.placeStaged(await stageText(fs, 'new'), path('g'), before, 'b1');
        expect(await fs.listTrash()).toMatchObject([must(placed.trashed)]);
        expect(await fs.isTrashedChanged(must(placed.trashed))).toBe(false);
        await fs.restoreTrashed(must(placed.trashed), path('back'));
        const item = await fs.trashFile(path('h'), await found(fs, 'h'), 'b1');
        await fs.restoreTrashed(item, path('h2'));
      });
      expect(['moved', 'g', 'back', 'h2'].map((name) => readFileSync(at(name), 'utf8'))).toEqual([
        'content of f',
        'new',
        'content of g',
        'content of h',
      ]);
    },
  );
});
