import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statfsSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskReason } from '../../../src/common/disk-error.ts';
import { must } from '../../../src/common/errors.ts';
import { joinName, type RelativePath, rootPath } from '../../../src/common/relative-path.ts';
import { makeIgnoreRules } from '../../../src/local/ignore-rules.ts';
import { canAnchorByHandle } from '../../../src/local/local-root.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { bytes, found, listed, names, path, reasonOf, stageText } from '../../contract/file-system-contract.ts';
import { makeNodeDisk, mountSmallVolume } from '../../contract/node-disk.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { type WalkedFolder, walk } from '../../helpers/walk.ts';

describe('what a disk can do to us', () => {
  let disk: Awaited<ReturnType<typeof makeNodeDisk>>;
  const at = (name: string): string => join(disk.root, name);
  beforeEach(async () => {
    disk = await makeNodeDisk(canAnchorByHandle() ? 'handle' : 'path');
  });
  afterEach(async () => disk.dispose());

  const walked = async (): Promise<WalkedFolder[]> => {
    const all: WalkedFolder[] = [];
    for await (const folder of walk(disk.fs, makeIgnoreRules())) all.push(folder);
    return all;
  };

  it.runIf(process.platform === 'linux')('reports names that are no UTF-8, and goes on', async () => {
    const raw = (text: string): Buffer => Buffer.concat([Buffer.from(`${disk.root}/`), Buffer.from(text, 'latin1')]);
    writeFileSync(raw('bad-\xe4'), 'one');
    writeFileSync(raw('bad-\xf6'), 'two');
    writeFileSync(at('bad-\ufffd'), 'a real one');
    writeFileSync(at('good'), 'three');
    const listing = await listed(disk.fs, '');
    expect(names(listing)).toEqual(['bad-\ufffd', 'good']);
    // Each by a name of its own, so that one issue does not stand for both.
    expect(listing.problems.toSorted((a, b) => (a.display < b.display ? -1 : 1))).toEqual(
      ['bad-\\xE4', 'bad-\\xF6'].map((display) => ({ display, name: null, fault: 'unicode', error: null })),
    );
  });

  it.each([
    [
      'put there',
      2,
      async (): Promise<unknown> => disk.fs.trashFile(path('d/e/young'), await found(disk.fs, 'd/e/young'), 'b1'),
    ],
    [
      'written to there',
      1,
      async (): Promise<unknown> => appendFileSync(at('.holdfast/trash/b1/d/e/old'), ', but not finished'),
    ],
  ] as const)(
    'SAF-11 keeps a batch of the trash in which anything is young, however deep: %s',
    async (_, files, act) => {
      mkdirSync(at('d/e'), { recursive: true });
      for (const name of ['d/e/old', 'd/e/young']) writeFileSync(at(name), name);
      // The batch and the folders in it have the times of the first file from here on.
      await disk.fs.trashFile(path('d/e/old'), await found(disk.fs, 'd/e/old'), 'b1');
      const batch = at('.holdfast/trash/b1');
      const before = statSync(join(batch, 'd/e')).ctimeMs;
      let clock = before;
      while (clock <= before + 50) {
        writeFileSync(at('clock'), `${clock}`);
        clock = statSync(at('clock')).mtimeMs;
      }
      await act();
      const between = before + 20;
      expect(statSync(batch).ctimeMs).toBeLessThan(between);
      expect(await disk.fs.expireTrash(between)).toBe(0);
      expect(await disk.fs.listTrash()).toHaveLength(files);
      expect(await disk.fs.expireTrash(clock + 60_000)).toBe(files);
      expect(await disk.fs.listTrash()).toEqual([]);
    },
  );

  it('reports a folder that looks like its own on a deeper level', async () => {
    mkdirSync(at('d/.Holdfast'), { recursive: true });
    expect((await listed(disk.fs, 'd')).problems).toMatchObject([{ display: '.Holdfast', fault: 'reserved' }]);
  });

  it('never hangs on pipes, sockets and devices', async () => {
    execFileSync('mkfifo', [at('pipe')]);
    const server = createServer().listen(at('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const { entries } = await listed(disk.fs, '');
    expect(entries.map((entry) => entry.kind)).toEqual(['other', 'other']);
    expect(await reasonOf(disk.fs.openFile(path('pipe')))).toBe('wrong-kind');
    expect(await reasonOf(disk.fs.openFile(path('socket')))).toBe('wrong-kind');
    await new Promise((resolve) => server.close(resolve));
  });

  it('says unknown of a mount point inside, and does not work in it', async ({ skip }) => {
    mkdirSync(at('d/mounted'), { recursive: true });
    const volume = mountSmallVolume(at('d/mounted'), '1m');
    if (volume === null) return skip();
    try {
      writeFileSync(at('d/mounted/f'), 'elsewhere');
      const folder = (await walked()).find((candidate) => candidate.path === 'd/mounted');
      expect(diskReason(must(folder).error)).toBe('other-volume');
      expect(await reasonOf(disk.fs.makeFolder(path('d/mounted/new')))).toBe('other-volume');
      // Where folders cannot be held open, each on the way is looked at.
      const byPath = openNodeFileSystem(disk.root, { anchoring: 'path' });
      expect(await reasonOf(byPath.makeFolder(path('d/mounted/new')))).toBe('other-volume');
      const file = await stageText(disk.fs, 'x');
      expect(await reasonOf(disk.fs.placeStaged(file, path('d/mounted/g'), null, 'b1'))).toBe('other-volume');
      expect(readdirSync(at('d/mounted'))).toEqual(['f']);
    } finally {
      volume.unmount();
    }
  });

  it('knows an unmounted root by its emptiness', async ({ skip }) => {
    const volume = mountSmallVolume(disk.root, '1m');
    if (volume === null) return skip();
    const fs = openNodeFileSystem(disk.root);
    try {
      const identity = await fs.writeMarker({ pairId: 'a'.repeat(32), vaultId: 'b'.repeat(32), madeAt: 1 } as never);
      writeFileSync(at('f'), 'on the stick');
      expect(await fs.checkRoot(identity)).toBe('ok');
      volume.unmount();
      expect(await fs.checkRoot(identity)).toBe('replaced');
      expect(await reasonOf(fs.makeFolder(path('d')))).toBe('root-gone');
      expect(readdirSync(disk.root)).toEqual([]);
    } finally {
      volume.unmount();
    }
  });

  it('begins no large file that cannot become whole, and keeps none that others left no room for', async ({ skip }) => {
    const folder = await tempFolder('room');
    const volume = mountSmallVolume(folder, '4m');
    if (volume === null) return skip();
    try {
      const fs = openNodeFileSystem(folder);
      const [one, two] = ['1', '2'].map((digit) => digit.repeat(32));
      const mebibyte = new Uint8Array(1024 * 1024).fill(1);
      const inStage = (): readonly string[] => readdirSync(join(folder, '.holdfast', 'stage'));
      expect(await reasonOf(fs.createStaged(one, 5 * mebibyte.length))).toBe('disk-full');
      expect(inStage()).toEqual([]);

      const first = await fs.createStaged(one, 3 * mebibyte.length);
      expect(await reasonOf(fs.createStaged(two, 2 * mebibyte.length))).toBe('disk-full');
      await first.write(mebibyte, 0);
      await first.leave();
      expect(inStage()).toHaveLength(1);
      // Of what it is to get it has a part already.
      const again = await fs.createStaged(one, 3 * mebibyte.length);
      writeFileSync(join(folder, 'of others'), new Uint8Array(2 * mebibyte.length));
      const filling = async (): Promise<void> => {
        await again.write(mebibyte, mebibyte.length);
        await again.write(mebibyte, 2 * mebibyte.length);
      };
      expect(await reasonOf(filling())).toBe('disk-full');
      await again.leave();
      expect(inStage()).toEqual([]);
      await (await fs.createStaged(two, mebibyte.length)).discard();
    } finally {
      volume.unmount();
    }
  });

  it('leaves nothing under a final name when the disk is full, and works again after', async ({ skip }) => {
    const folder = await tempFolder('full');
    const volume = mountSmallVolume(folder, '2m');
    if (volume === null) return skip();
    try {
      const fs = openNodeFileSystem(folder);
      writeFileSync(join(folder, 'old'), 'old');
      const file = await fs.createStaged();
      const big = new Uint8Array(512 * 1024).fill(1);
      const freeBytes = (): number => {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      };
      const filling = async (): Promise<void> => {
        for (let i = 0; i < 8; i++) await file.write(big, i * big.length);
      };
      expect(await reasonOf(filling())).toBe('disk-full');
      expect(freeBytes()).toBeLessThan(big.length);
      await file.discard();
      expect(names(await listed(fs, ''))).toEqual(['old']);
      expect(freeBytes()).toBeGreaterThan(1_000_000);
      await fs.placeStaged(await stageText(fs, 'new'), path('old'), await found(fs, 'old'), 'b1');
      expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('new');
    } finally {
      volume.unmount();
    }
  });

  it('names paths beyond the limit of the system as such', async () => {
    let place: RelativePath = rootPath;
    let reason = 'none';
    for (let depth = 0; depth < 40 && reason === 'none'; depth++) {
      place = joinName(place, 'x'.repeat(200));
      reason = await reasonOf(disk.fs.makeFolder(place));
    }
    expect(reason).toBe('too-long');
    expect(await reasonOf(disk.fs.makeFolder(path('ä'.repeat(200))))).toBe('too-long');
    // Everything that was made is seen.
    const all = await walked();
    expect(all.length).toBeGreaterThan(15);
    expect(all.every((folder) => folder.error === null)).toBe(true);
  });

  it('gives way during a folder of many files', async () => {
    for (let i = 0; i < 20_000; i++) writeFileSync(at(`f${i}`), '');
    let turns = 0;
    let isListing = true;
    const tick = (): void => {
      turns++;
      if (isListing) setImmediate(tick);
    };
    setImmediate(tick);
    expect((await listed(disk.fs, '')).entries).toHaveLength(20_000);
    isListing = false;
    expect(turns).toBeGreaterThan(1);
  });

  it('breaks a hard link only on its own side', async () => {
    writeFileSync(at('f'), 'one');
    linkSync(at('f'), at('g'));
    const before = await found(disk.fs, 'f');
    expect(before.linkCount).toBe(2);
    await disk.fs.placeStaged(await stageText(disk.fs, 'two'), path('f'), before, 'b1');
    expect([readFileSync(at('f'), 'utf8'), readFileSync(at('g'), 'utf8')]).toEqual(['two', 'one']);
  });

  it('finishes a move that was cut when the file had both names', async () => {
    writeFileSync(at('f'), 'one');
    linkSync(at('f'), at('g'));
    await disk.fs.move(path('f'), path('g'), await found(disk.fs, 'f'));
    expect(names(await listed(disk.fs, ''))).toEqual(['g']);
    expect((await found(disk.fs, 'g')).linkCount).toBe(1);
  });

  it('keeps what a program saves in place after its file was replaced', async () => {
    writeFileSync(at('f'), 'one');
    const editor = openSync(at('f'), 'r+');
    const { trashed } = await disk.fs.placeStaged(
      await stageText(disk.fs, 'two'),
      path('f'),
      await found(disk.fs, 'f'),
      'b1',
    );
    writeSync(editor, 'a late save', 0);
    closeSync(editor);
    expect(await disk.fs.isTrashedChanged(must(trashed))).toBe(true);
    await disk.fs.restoreTrashed(must(trashed), path('late'));
    expect(readFileSync(at('late'), 'utf8')).toBe('a late save');
  });

  it('gives new files the mode that the person’s other programs give, and keeps its own folder private', async () => {
    await disk.fs.placeStaged(await stageText(disk.fs, 'new'), path('f'), null, 'b1');
    writeFileSync(at('g'), '');
    expect(lstatSync(at('f')).mode).toBe(lstatSync(at('g')).mode);
    for (const folder of ['.holdfast', '.holdfast/stage']) expect(statSync(at(folder)).mode & 0o777).toBe(0o700);
  });

  it('writes large files through', async () => {
    const file = await disk.fs.createStaged();
    const piece = new Uint8Array(300_000).fill(7);
    for (let i = 4; i >= 0; i--) await file.write(piece, i * piece.length);
    await file.write(bytes('end'), 5 * piece.length);
    await file.finish({ mtimeUs: 1, exec: false });
    await disk.fs.syncStaged([file]);
    await disk.fs.placeStaged(file, path('big'), null, 'b1');
    const written = readFileSync(at('big'));
    expect(written.length).toBe(1_500_003);
    expect(written.subarray(0, 1_500_000).every((byte) => byte === 7)).toBe(true);
  });
});
