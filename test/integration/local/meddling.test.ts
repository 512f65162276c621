import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isKind, must } from '../../../src/common/errors.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { type Anchoring, canAnchorByHandle } from '../../../src/local/local-root.ts';
import { nodeDisk } from '../../../src/local/node-disk.ts';
import { openNodeFileSystem } from '../../../src/local/node-file-system.ts';
import { readWholeFile } from '../../../src/local/read-file.ts';
import { bytes, found, listed, path, reasonOf, stageText } from '../../contract/file-system-contract.ts';
import { type MeddlingDisk, meddlingDisk } from '../../helpers/meddling-disk.ts';
import { tempFolder } from '../../helpers/temp.ts';

const ways: readonly Anchoring[] = canAnchorByHandle() ? ['handle', 'path'] : ['path'];
const key = '0123456789abcdef'.repeat(2);

describe.each(ways)('another program at the worst moment (%s)', (anchoring) => {
  let folder: string;
  let meddling: MeddlingDisk;
  let fs: FileSystem;
  const at = (name: string): string => join(folder, name);
  const text = (name: string): string => readFileSync(at(name), 'utf8');
  /** As programs save. */
  const save = (name: string, content: string): void => {
    writeFileSync(at(`${name}.new`), content);
    renameSync(at(`${name}.new`), at(name));
  };
  const open = (disk: MeddlingDisk): void => {
    meddling = disk;
    fs = openNodeFileSystem(folder, { disk: disk.disk, anchoring });
  };
  beforeEach(async () => {
    folder = await tempFolder('meddling');
    open(meddlingDisk());
    writeFileSync(at('f'), 'old');
    utimesSync(at('f'), 1_700_000_000, 1_700_000_000);
  });
  afterEach(() => expect(existsSync(at('outside'))).toBe(false));

  const inTrash = async (): Promise<string[]> => (await fs.listTrash()).map((item) => item.path);

  test('a save while the old file is put into the trash is not replaced', async () => {
    const file = await stageText(fs, 'from elsewhere');
    const expected = await found(fs, 'f');
    meddling.after('linkSync', /\/f .*\/f$/, () => save('f', 'saved just now'));
    expect(await reasonOf(fs.placeStaged(file, path('f'), expected, 'b1'))).toBe('changed');
    expect(text('f')).toBe('saved just now');
    expect(await inTrash()).toEqual([]);
  });

  test('one that is made private meanwhile stays private', async () => {
    const file = await stageText(fs, 'from elsewhere');
    const expected = await found(fs, 'f');
    meddling.after('linkSync', /\/f .*\/f$/, () => chmodSync(at('f'), 0o600));
    expect(await reasonOf(fs.placeStaged(file, path('f'), expected, 'b1'))).toBe('changed');
    expect([text('f'), statSync(at('f')).mode & 0o777]).toEqual(['old', 0o600]);
  });

  test('a save in place that keeps size and time is seen', async () => {
    const file = await stageText(fs, 'from elsewhere');
    const expected = await found(fs, 'f');
    const { atime, mtime } = statSync(at('f'));
    // The disk's clock may not have moved on yet.
    for (let now = expected; now.ctimeUs === expected.ctimeUs; now = await found(fs, 'f')) {
      writeFileSync(at('f'), 'odd', { flag: 'r+' });
      utimesSync(at('f'), atime, mtime);
    }
    expect(statSync(at('f')).mtimeMs).toBe(mtime.getTime());
    expect(await reasonOf(fs.placeStaged(file, path('f'), expected, 'b1'))).toBe('changed');
    expect(text('f')).toBe('odd');
  });

  test('what is in the way of the trash stays, where it takes copies', async () => {
    const refused = (): never => {
      throw Object.assign(new Error('no links'), { code: 'EPERM' });
    };
    open(meddlingDisk({ linkSync: refused }));
    const expected = await found(fs, 'f');
    const file = await stageText(fs, 'from elsewhere');
    let taken = '';
    meddling.before('copyNewSync', /\/f$/, (_, to) => {
      taken = join(folder, '.holdfast/trash/b1/f');
      writeFileSync(to ?? '', 'kept before');
    });
    expect(await reasonOf(fs.placeStaged(file, path('f'), expected, 'b1'))).toBe('exists');
    expect(readFileSync(taken, 'utf8')).toBe('kept before');
    expect(text('f')).toBe('old');
  });

  test.each([
    ['openSync', 'ENOSPC', 'disk-full'],
    ['openSync', 'EMFILE', 'too-many-open'],
    ['openSync', 'EIO', 'failed'],
    ['statSync', 'EIO', 'failed'],
    ['lstatSync', 'EIO', 'failed'],
    ['chmodSync', 'EROFS', 'read-only'],
  ] as const)('a disk of which %s says %s is not taken for one that can do less', async (call, code, reason) => {
    const refused = (): never => {
      throw Object.assign(new Error('no'), { code });
    };
    let isRefusing = true;
    const real = nodeDisk[call] as (...args: unknown[]) => unknown;
    const trial = /(\/stage|\/fd\/\d+)\/([0-9a-f]{8,}|(probe|PROBE).*)$/;
    open(
      meddlingDisk({
        [call]: (...args: unknown[]) => (isRefusing && trial.test(String(args[0])) ? refused() : real(...args)),
      }),
    );
    expect(await reasonOf(fs.probeVolume())).toBe(reason);
    isRefusing = false;
    const traits = await fs.probeVolume();
    expect(traits).toEqual(await openNodeFileSystem(folder, { anchoring }).probeVolume());
    expect(readdirSync(at('.holdfast/stage'))).toEqual([]);
  });

  test('a folder that cannot be looked at since too many files are open is no other one, and not closed to us', async () => {
    const tooMany = (): never => {
      throw Object.assign(new Error('no'), { code: 'EMFILE' });
    };
    open(meddlingDisk({ tryReaddirSync: tooMany }));
    expect(await reasonOf(fs.checkRoot(null))).toBe('too-many-open');
  });

  // EISDIR: what Node says on Windows where the disk is FAT or exFAT.
  test.each(['EPERM', 'ENOTSUP', 'EISDIR'])('a disk without hard links, which says %s, does all else', async (code) => {
    const refused = (): never => {
      throw Object.assign(new Error('no links'), { code });
    };
    open(meddlingDisk({ linkSync: refused }));
    await fs.placeStaged(await stageText(fs, 'new'), path('g'), null, 'b1');
    await fs.placeStaged(await stageText(fs, 'newer'), path('f'), await found(fs, 'f'), 'b1');
    await fs.move(path('g'), path('h'), await found(fs, 'g'));
    expect([text('f'), text('h')]).toEqual(['newer', 'new']);
    const [item] = await fs.listTrash();
    await fs.restoreTrashed(must(item), path('g'));
    expect(text('g')).toBe('old');
  });

  test('a save right before a move stays under its name', async () => {
    const expected = await found(fs, 'f');
    meddling.before('linkSync', /\/f .*\/g$/, () => save('f', 'saved just now'));
    expect(await reasonOf(fs.move(path('f'), path('g'), expected))).toBe('changed');
    expect(text('f')).toBe('saved just now');
    expect(existsSync(at('g'))).toBe(false);
  });

  test.each([
    ['once', 1],
    ['twice', 2],
  ] as const)('a save, %s, right before the old name goes stays under it', async (_, times) => {
    const expected = await found(fs, 'f');
    meddling.after('linkSync', /\/f .*\/g$/, () => {
      save('f', 'saved just now');
      if (times === 2) meddling.after('renameSync', /\/f .*\/leaving$/, () => save('f', 'saved again'));
    });
    expect(await reasonOf(fs.move(path('f'), path('g'), expected))).toBe('changed');
    expect(text('f')).toBe(times === 2 ? 'saved again' : 'saved just now');
    expect([existsSync(at('g')), readdirSync(at('.holdfast/stage'))]).toEqual([false, []]);
  });

  test('what cannot be looked at once its old name went keeps the new one', async () => {
    let isFailing = false;
    const lstatSync: typeof nodeDisk.lstatSync = (name) => {
      if (isFailing && name.endsWith('/leaving')) throw Object.assign(new Error('no'), { code: 'EIO' });
      return nodeDisk.lstatSync(name);
    };
    open(meddlingDisk({ lstatSync }));
    const expected = await found(fs, 'f');
    isFailing = true;
    await fs.move(path('f'), path('g'), expected);
    isFailing = false;
    await fs.recoverStage();
    expect([existsSync(at('f')), text('g'), readdirSync(at('.holdfast/stage'))]).toEqual([false, 'old', []]);
  });

  test('a save right before a delete is not deleted', async () => {
    const expected = await found(fs, 'f');
    meddling.before('renameSync', /\/f .*\/f$/, () => save('f', 'saved just now'));
    expect(await reasonOf(fs.trashFile(path('f'), expected, 'b1'))).toBe('changed');
    expect(text('f')).toBe('saved just now');
    expect(await inTrash()).toEqual([]);
  });

  test('a folder that is moved away while it is listed is not taken for an empty one', async () => {
    mkdirSync(at('d'));
    writeFileSync(at('d/inner'), 'x');
    meddling.before('readdirSync', /./, () => {
      renameSync(at('d'), at('elsewhere'));
      mkdirSync(at('d'));
    });
    const outcome = await fs.listFolder(path('d'));
    expect(outcome.ok ? 'listed' : outcome.error.reason).toBe('changed');
  });

  test('a name that the system itself cannot say is shown, as on Windows one with half a sign', async () => {
    const half = 'half \ufffd';
    open(
      meddlingDisk({
        readdirSync: (path) => [...nodeDisk.readdirSync(path), half],
        readdirBytesSync: (path) => [...nodeDisk.readdirBytesSync(path), bytes(half)],
      }),
    );
    const { entries, problems } = await listed(fs, '');
    expect(entries.map(({ name }) => name)).toEqual(['f']);
    expect(problems).toEqual([{ display: half, name: null, fault: 'unicode', error: null }]);
  });

  test('a link that takes the place of a file between look and opening is not followed', async () => {
    const secret = join(await tempFolder('elsewhere'), 'secret');
    writeFileSync(secret, 'secret');
    meddling.before('openSync', /\/f$/, () => {
      unlinkSync(at('f'));
      symlinkSync(secret, at('f'));
    });
    expect(await reasonOf(fs.openFile(path('f')))).not.toBe('none');
  });

  test.runIf(process.getuid?.() === 0).each([
    ['a link', symlinkSync],
    ['a further name', linkSync],
  ])('%s put into the stage gives nobody a file elsewhere', async (_, link) => {
    const secret = join(await tempFolder('elsewhere'), 'secret');
    writeFileSync(secret, 'secret');
    chownSync(at('f'), 65_534, 65_534);
    const file = await stageText(fs, 'from elsewhere');
    const expected = await found(fs, 'f');
    meddling.before('openSync', /\/[0-9a-f]{32}$/, (staged = '') => {
      unlinkSync(staged);
      link(secret, staged);
    });
    await reasonOf(fs.placeStaged(file, path('f'), expected, 'b1'));
    expect(statSync(secret).uid).toBe(0);
  });

  test('nor is it when the executable bit is set', async () => {
    const secret = join(await tempFolder('elsewhere'), 'secret');
    writeFileSync(secret, 'secret', { mode: 0o600 });
    const expected = await found(fs, 'f');
    meddling.after('lstatSync', /\/f$/, () => {
      unlinkSync(at('f'));
      symlinkSync(secret, at('f'));
    });
    expect(await reasonOf(fs.setAttributes(path('f'), expected, { exec: true }))).toBe('symlink');
    expect(statSync(secret).mode & 0o777).toBe(0o600);
  });

  test.runIf(process.platform === 'linux')('a pipe that takes its place neither hangs nor is read', async () => {
    meddling.before('openSync', /\/f$/, () => {
      unlinkSync(at('f'));
      execFileSync('mkfifo', [at('f')]);
    });
    expect(await reasonOf(fs.openFile(path('f')))).toBe('changed');
  });

  test('a file that grows or shrinks while it is read is not taken for whole', async () => {
    const whole = await readWholeFile(fs, path('f'), 3);
    expect(new TextDecoder().decode(whole.bytes)).toBe('old');
    for (const content of ['ol', 'older']) {
      writeFileSync(at('f'), 'old');
      meddling.before('read', /^$/, () => writeFileSync(at('f'), content));
      expect(await reasonOf(readWholeFile(fs, path('f'), 3))).toBe('changed');
    }
  });

  describe.each(['at once', 'in threads'])('small files that are read together, %s', (way) => {
    const slice = { isSpent: () => way === 'in threads', rest: async () => undefined };
    const call = way === 'in threads' ? 'read' : 'readSync';
    const reasons = async (...names: string[]): Promise<(string | undefined)[]> => {
      const outcomes = await fs.readFiles(names.map((name) => ({ path: path(name), size: 3 })));
      return outcomes.map((each) => (each.ok ? new TextDecoder().decode(each.value.bytes) : each.error.reason));
    };
    beforeEach(() => {
      meddling = meddlingDisk();
      fs = openNodeFileSystem(folder, { disk: meddling.disk, anchoring, slice });
      mkdirSync(at('d'));
      for (const name of ['d/f', 'd/g']) writeFileSync(at(name), 'new');
    });

    test.each(['ol', 'older'])('one that becomes %j meanwhile is not taken, the others are', async (content) => {
      meddling.before(call, /^$/, () => writeFileSync(at('d/f'), content));
      expect(await reasons('d/f', 'd/g', 'f')).toEqual(['changed', 'new', 'old']);
    });

    test('nor one whose name another file takes', async () => {
      meddling.before(call, /^$/, () => save('d/f', 'odd'));
      expect(await reasons('d/f', 'd/g', 'f')).toEqual(['changed', 'new', 'old']);
    });

    test('nor any whose folder is moved away', async () => {
      meddling.before(call, /^$/, () => {
        renameSync(at('d'), at('elsewhere'));
        mkdirSync(at('d'));
        for (const name of ['d/f', 'd/g']) writeFileSync(at(name), 'odd');
      });
      expect(await reasons('d/f', 'd/g', 'f')).toEqual(['changed', anchoring === 'handle' ? 'changed' : 'odd', 'old']);
    });

    test('nor through a link', async () => {
      const secret = await tempFolder('elsewhere');
      writeFileSync(join(secret, 'f'), 'odd');
      renameSync(at('d'), at('elsewhere'));
      symlinkSync(secret, at('d'));
      expect(await reasons('d/f', 'f')).toEqual(['symlink', 'old']);
    });

    test.runIf(process.platform === 'linux')('nor what is no file', async () => {
      symlinkSync(at('f'), at('d/link'));
      execFileSync('mkfifo', [at('d/pipe')]);
      mkdirSync(at('d/folder'));
      expect(await reasons('d/link', 'd/pipe', 'd/folder', 'd/none', 'd/f')).toEqual([
        'symlink',
        'wrong-kind',
        'wrong-kind',
        'vanished',
        'new',
      ]);
    });
  });

  test('a small file that is none is not read', async () => {
    const refused = await readWholeFile(fs, path('f'), 2).catch((error: unknown) => error);
    expect(isKind(refused, 'limit')).toBe(true);
  });

  test('a file whose number needs all 64 bits is as it was when nothing changed it, whatever its time', async () => {
    const big = 2n ** 60n;
    const numbered = <S extends { ino: number } | undefined>(stats: S): S =>
      stats && Object.assign(stats, { ino: Number(big + BigInt(stats.ino)) });
    open(
      meddlingDisk({
        lstatSync: (path) => numbered(nodeDisk.lstatSync(path)),
        fstatSync: (handle) => numbered(nodeDisk.fstatSync(handle)),
        bigLstatSync: (path) => {
          const stats = nodeDisk.bigLstatSync(path);
          return stats && Object.assign(stats, { ino: big + stats.ino });
        },
      }),
    );
    // Half a microsecond, as NTFS keeps it, and one before 1970.
    for (const time of ['1794059503.986264500', '1794059503.986264300', '-3.25']) {
      execFileSync('touch', ['-d', `@${time}`, at('f')]);
      const file = await fs.openFile(path('f'));
      expect(await file.isUnchanged(), time).toBe(true);
      await file.close();
      const [whole] = await fs.readFiles([{ path: path('f'), size: 3 }]);
      expect(whole?.ok, time).toBe(true);
    }
  });

  test('nothing is written into what has a temporary name already', async () => {
    let planted = '';
    // Made by the first one.
    await (await fs.createStaged()).discard();
    meddling.before('openSync', /\/[0-9a-f]{32}$/, (path) => {
      planted = join(folder, '.holdfast/stage', path?.split('/').at(-1) ?? '');
      writeFileSync(planted, 'planted');
    });
    await expect(fs.createStaged()).rejects.toThrow();
    expect(readFileSync(planted, 'utf8')).toBe('planted');
  });

  test('nothing is written through a link in the stage', async () => {
    const target = join(await tempFolder('elsewhere'), 'target');
    writeFileSync(target, 'untouched');
    await (await fs.createStaged(key)).leave();
    unlinkSync(at(`.holdfast/stage/part-${key}`));
    symlinkSync(target, at(`.holdfast/stage/part-${key}`));
    await expect(fs.createStaged(key)).rejects.toThrow();
    expect(readFileSync(target, 'utf8')).toBe('untouched');
  });

  test('a key or a batch is a name, no path', async () => {
    const expected = await found(fs, 'f');
    await expect(fs.createStaged('../outside')).rejects.toThrow('not a key');
    await expect(fs.trashFile(path('f'), expected, '../outside')).rejects.toThrow('a batch is named by');
    const item = await fs.trashFile(path('f'), expected, 'b1');
    expect(await reasonOf(fs.restoreTrashed({ ...item, batch: '../trash/b1' }, path('f')))).toBe('bad-name');
    expect(await reasonOf(fs.dropTrashed({ ...item, batch: '../trash/b1' }))).toBe('bad-name');
    expect(await inTrash()).toEqual(['f']);
  });

  test('what an earlier try left beyond the end is cut off', async () => {
    const first = await fs.createStaged(key);
    await first.write(bytes('0123456789'), 0);
    await first.leave();
    const second = await fs.createStaged(key);
    expect(second.leftBytes).toBe(10);
    await second.finish({ mtimeUs: 1, exec: false, size: 6 });
    await fs.syncStaged([second]);
    await fs.placeStaged(second, path('g'), null, 'b1');
    expect(text('g')).toBe('012345');
  });

  test('nobody else reads half a file, or writes the marker', async () => {
    await fs.createStaged();
    await fs.writeMarker({ pairId: 'a'.repeat(32), vaultId: 'b'.repeat(32), madeAt: 1 } as never);
    const [staged] = readdirSync(at('.holdfast/stage'));
    for (const name of [`stage/${staged}`, 'marker']) expect(lstatSync(at(`.holdfast/${name}`)).mode & 0o077).toBe(0);
  });

  test.each([
    { pairId: 'x', vaultId: 'b'.repeat(32), madeAt: 1 },
    { pairId: 'a'.repeat(32), vaultId: 7, madeAt: 1 },
    { pairId: 'a'.repeat(32), vaultId: 'b'.repeat(32), madeAt: 1.5 },
    { pairId: 'a'.repeat(32), vaultId: 'b'.repeat(32) },
    [],
  ])('a marker of anything else is no marker: %j', async (marker) => {
    mkdirSync(at('.holdfast'));
    writeFileSync(at('.holdfast/marker'), JSON.stringify(marker));
    const refused = await fs.readMarker().catch((error: unknown) => error);
    expect(isKind(refused, 'corrupt')).toBe(true);
  });

  test('two hard links whose names differ in case are no two spellings of one', async ({ skip }) => {
    if (existsSync(at('F'))) return skip('this disk folds case');
    linkSync(at('f'), at('F'));
    await fs.move(path('f'), path('F'), await found(fs, 'f'));
    expect(readdirSync(folder).filter((name) => /^f$/i.test(name))).toEqual(['F']);
  });

  test('a folder on another volume is none of ours', async () => {
    mkdirSync(at('d'));
    const dev = (stats: ReturnType<typeof nodeDisk.lstatSync>, isInside: boolean) =>
      stats === undefined || !isInside ? stats : Object.assign(stats, { dev: stats.dev + 1 });
    const mounted = statSync(at('d')).ino;
    open(
      meddlingDisk({
        lstatSync: (path) => dev(nodeDisk.lstatSync(path), path.endsWith('/d')),
        fstatSync: (handle) => {
          const stats = nodeDisk.fstatSync(handle);
          return dev(stats, stats.ino === mounted) ?? stats;
        },
      }),
    );
    expect(await reasonOf(fs.makeFolder(path('d/inner')))).toBe('other-volume');
    expect(readdirSync(at('d'))).toEqual([]);
  });
});
