import { constants } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { errnoOf } from '../../src/common/errno.ts';
import { must } from '../../src/common/errors.ts';
import type { Disk } from '../../src/local/disk.ts';
import { timeText } from '../../src/local/time-text.ts';

const { O_CREAT, O_DIRECTORY, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC, O_WRONLY } = constants;
const O_PATH = 0o10000000;

export interface DiskUnderTest {
  readonly disk: Disk;
  /** An empty folder, absolute. */
  readonly folder: string;
  /** The port has no call for it. */
  symlink(target: string, path: string): void;
  /** Does something as someone whom permissions bind. */
  asPerson(work: () => void): void;
}

/** The system's word for why `work` fails; null if it does not. */
export function codeOf(work: () => unknown): string | null {
  try {
    work();
    return null;
  } catch (error) {
    return errnoOf(error) ?? String(error);
  }
}

export function put(disk: Disk, path: string, text: string, flags = O_WRONLY | O_CREAT | O_TRUNC): void {
  const bytes = new TextEncoder().encode(text);
  const handle = disk.openSync(path, flags, 0o666);
  try {
    disk.writeSync(handle, bytes, 0, bytes.length, 0);
  } finally {
    disk.closeSync(handle);
  }
}

/** What every implementation of `Disk` does, as Linux does it. */
export function diskContract(title: string, make: () => Promise<DiskUnderTest>): void {
  describe(`disk: ${title}`, () => {
    let under: DiskUnderTest;
    let disk: Disk;
    const at = (name: string): string => `${under.folder}/${name}`;
    const code = codeOf;
    beforeEach(async () => {
      under = await make();
      ({ disk } = under);
    });

    it('opens by the flags', () => {
      expect(code(() => disk.openSync(at('f'), O_RDONLY))).toBe('ENOENT');
      expect(code(() => disk.openSync(at('no/f'), O_WRONLY | O_CREAT))).toBe('ENOENT');
      put(disk, at('f'), 'one');
      disk.mkdirSync(at('d'), 0o777);
      under.symlink('f', at('l'));
      under.symlink('d', at('ld'));
      expect(code(() => disk.openSync(at('f'), O_WRONLY | O_CREAT | O_EXCL))).toBe('EEXIST');
      expect(code(() => disk.openSync(at('l'), O_WRONLY | O_CREAT | O_EXCL))).toBe('EEXIST');
      expect(code(() => disk.openSync(at('f/below'), O_RDONLY))).toBe('ENOTDIR');
      expect(code(() => disk.openSync(at('f/.'), O_RDONLY))).toBe('ENOTDIR');
      expect(code(() => disk.openSync(at('f'), O_RDONLY | O_DIRECTORY))).toBe('ENOTDIR');
      expect(code(() => disk.openSync(at('d'), O_WRONLY))).toBe('EISDIR');
      expect(code(() => disk.openSync(at('l'), O_RDONLY | O_NOFOLLOW))).toBe('ELOOP');
      expect(code(() => disk.openSync(at('ld'), O_PATH | O_DIRECTORY | O_NOFOLLOW))).toBe('ENOTDIR');
      expect(code(() => disk.openSync(at('x'.repeat(256)), O_WRONLY | O_CREAT))).toBe('ENAMETOOLONG');
      expect(code(() => disk.lstatSync(at('x'.repeat(256))))).toBe('ENAMETOOLONG');
      put(disk, at('l'), 'two');
      expect(disk.readTextSync(at('f'))).toBe('two');
      expect(code(() => disk.readTextSync(at('d')))).toBe('EISDIR');
    });

    it('reads and writes at positions, with zeros in gaps, by handles that allow it', async () => {
      const handle = disk.openSync(at('f'), O_RDWR | O_CREAT | O_EXCL, 0o600);
      const bytes = new TextEncoder().encode('abcdef');
      expect(disk.writeSync(handle, bytes, 2, 3, 4)).toBe(3);
      expect(await disk.write(handle, bytes, 0, 1, 0)).toBe(1);
      const buffer = new Uint8Array(8);
      expect(await disk.read(handle, buffer, 1, 7, 0)).toBe(7);
      expect([...buffer]).toEqual([0, 97, 0, 0, 0, 99, 100, 101]);
      expect(await disk.read(handle, buffer, 0, 4, 7)).toBe(0);
      expect(disk.readSync(handle, buffer, 0, 2, 5)).toBe(2);
      expect([...buffer.subarray(0, 2)]).toEqual([100, 101]);
      expect(disk.readSync(handle, buffer, 0, 4, 7)).toBe(0);
      disk.ftruncateSync(handle, 5);
      disk.ftruncateSync(handle, 9);
      expect(await disk.read(handle, buffer, 0, 8, 4)).toBe(5);
      expect([...buffer.subarray(0, 5)]).toEqual([99, 0, 0, 0, 0]);
      expect(disk.fstatSync(handle).size).toBe(9);
      disk.closeSync(handle);
      const reader = disk.openSync(at('f'), O_RDONLY);
      expect(code(() => disk.writeSync(reader, bytes, 0, 1, 0))).toBe('EBADF');
      expect(code(() => disk.ftruncateSync(reader, 1))).toBe('EINVAL');
      disk.closeSync(reader);
      const writer = disk.openSync(at('f'), O_WRONLY);
      await expect(disk.read(writer, buffer, 0, 1, 0)).rejects.toMatchObject({ code: 'EBADF' });
      expect(code(() => disk.readSync(writer, buffer, 0, 1, 0))).toBe('EBADF');
      disk.closeSync(writer);
      expect(code(() => disk.fstatSync(writer))).toBe('EBADF');
    });

    it('keeps a file that has no name while it is open, also when another one takes the name', async () => {
      put(disk, at('f'), 'one');
      const handle = disk.openSync(at('f'), O_RDONLY);
      put(disk, at('g'), 'two');
      disk.renameSync(at('g'), at('f'));
      const buffer = new Uint8Array(3);
      await disk.read(handle, buffer, 0, 3, 0);
      expect(new TextDecoder().decode(buffer)).toBe('one');
      expect(disk.fstatSync(handle).nlink).toBe(0);
      expect(disk.readTextSync(at('f'))).toBe('two');
      disk.closeSync(handle);
    });

    it('gives the state of links themselves, and of what they lead to', () => {
      put(disk, at('f'), 'one');
      under.symlink('f', at('l'));
      under.symlink('nowhere', at('dangling'));
      under.symlink('loop', at('loop'));
      expect(must(disk.lstatSync(at('l'))).isSymbolicLink()).toBe(true);
      expect(disk.statSync(at('l')).isFile()).toBe(true);
      expect(disk.lstatSync(at('none'))).toBeUndefined();
      expect(code(() => disk.lstatSync(at('f/below')))).toBe('ENOTDIR');
      expect(code(() => disk.statSync(at('dangling')))).toBe('ENOENT');
      expect(code(() => disk.statSync(at('loop')))).toBe('ELOOP');
      expect(disk.readlinkSync(at('dangling'))).toBe('nowhere');
      expect(code(() => disk.readlinkSync(at('f')))).toBe('EINVAL');
      expect(disk.realpathSync(at('l'))).toBe(at('f'));
      expect(must(disk.bigLstatSync(at('f'))).size).toBe(3n);
    });

    it('sets times to the microsecond, before 1970 too, and keeps the ctime for itself', () => {
      put(disk, at('f'), 'one');
      const before = must(disk.lstatSync(at('f')));
      for (const us of [0, -1, -1_500_000, 1_700_000_000_123_457]) {
        disk.utimesSync(at('f'), timeText(us), timeText(us));
        expect(Math.round(disk.statSync(at('f')).mtimeMs * 1000)).toBe(us);
      }
      const handle = disk.openSync(at('f'), O_RDONLY);
      disk.futimesSync(handle, timeText(5), timeText(5));
      disk.closeSync(handle);
      const after = must(disk.lstatSync(at('f')));
      expect(Math.round(after.mtimeMs * 1000)).toBe(5);
      expect(after.ctimeMs).toBeGreaterThanOrEqual(before.ctimeMs);
      expect([after.ino, after.dev, after.birthtimeMs]).toEqual([before.ino, before.dev, before.birthtimeMs]);
    });

    it('gives one content several names', () => {
      put(disk, at('f'), 'one');
      disk.mkdirSync(at('d'), 0o777);
      under.symlink('f', at('l'));
      disk.linkSync(at('f'), at('d/g'));
      expect(code(() => disk.linkSync(at('f'), at('d/g')))).toBe('EEXIST');
      expect(code(() => disk.linkSync(at('none'), at('x')))).toBe('ENOENT');
      expect(code(() => disk.linkSync(at('d'), at('x')))).toBe('EPERM');
      disk.linkSync(at('l'), at('l2'));
      expect(must(disk.lstatSync(at('l2'))).isSymbolicLink()).toBe(true);
      expect(must(disk.lstatSync(at('f'))).nlink).toBe(2);
      put(disk, at('d/g'), 'two', O_WRONLY);
      expect(disk.readTextSync(at('f'))).toBe('two');
      // Two names of one file: a rename of one over the other does nothing.
      disk.renameSync(at('f'), at('d/g'));
      expect(disk.readdirSync(at('')).sort()).toEqual(['d', 'f', 'l', 'l2']);
      disk.unlinkSync(at('f'));
      expect(disk.readTextSync(at('d/g'))).toBe('two');
    });

    it('renames over what may be replaced, in one step', () => {
      put(disk, at('f'), 'one');
      put(disk, at('g'), 'two');
      for (const folder of ['d', 'd/e', 'empty']) disk.mkdirSync(at(folder), 0o777);
      const { ino } = must(disk.lstatSync(at('f')));
      disk.renameSync(at('f'), at('g'));
      expect([disk.readTextSync(at('g')), must(disk.lstatSync(at('g'))).ino]).toEqual(['one', ino]);
      expect(code(() => disk.renameSync(at('none'), at('g')))).toBe('ENOENT');
      expect(code(() => disk.renameSync(at('g'), at('d')))).toBe('EISDIR');
      expect(code(() => disk.renameSync(at('d'), at('g')))).toBe('ENOTDIR');
      expect(code(() => disk.renameSync(at('empty'), at('d')))).toBe('ENOTEMPTY');
      expect(code(() => disk.renameSync(at('d'), at('d/e/x')))).toBe('EINVAL');
      expect(code(() => disk.renameSync(at('g'), at('no/g')))).toBe('ENOENT');
      disk.renameSync(at('d'), at('empty'));
      disk.renameSync(at('empty'), at('empty'));
      expect(disk.readdirSync(at('')).sort()).toEqual(['empty', 'g']);
      expect(disk.readdirSync(at('empty'))).toEqual(['e']);
    });

    it('removes names, and folders that are empty', () => {
      put(disk, at('f'), 'one');
      disk.mkdirSync(at('d'), 0o777);
      disk.mkdirSync(at('d/e'), 0o777);
      expect(code(() => disk.mkdirSync(at('d'), 0o777))).toBe('EEXIST');
      expect(code(() => disk.mkdirSync(at('f'), 0o777))).toBe('EEXIST');
      expect(code(() => disk.mkdirSync(at('no/d'), 0o777))).toBe('ENOENT');
      expect(code(() => disk.rmdirSync(at('d')))).toBe('ENOTEMPTY');
      expect(code(() => disk.rmdirSync(at('f')))).toBe('ENOTDIR');
      expect(code(() => disk.rmdirSync(at('none')))).toBe('ENOENT');
      expect(code(() => disk.unlinkSync(at('d')))).toBe('EISDIR');
      expect(code(() => disk.unlinkSync(at('none')))).toBe('ENOENT');
      expect(code(() => disk.readdirSync(at('f')))).toBe('ENOTDIR');
      disk.rmdirSync(at('d/e'));
      disk.rmdirSync(at('d'));
      disk.unlinkSync(at('f'));
      expect(disk.readdirSync(at(''))).toEqual([]);
    });

    it('copies to free names only', () => {
      put(disk, at('f'), 'one');
      disk.chmodSync(at('f'), 0o640);
      disk.copyNewSync(at('f'), at('g'));
      expect(code(() => disk.copyNewSync(at('f'), at('g')))).toBe('EEXIST');
      put(disk, at('f'), 'two');
      expect(disk.readTextSync(at('g'))).toBe('one');
      expect(must(disk.lstatSync(at('g'))).mode & 0o777).toBe(0o640);
    });

    it('sets the mode of what a handle holds, whatever has its name by now', () => {
      put(disk, at('f'), 'one');
      const handle = disk.openSync(at('f'), O_RDONLY);
      disk.renameSync(at('f'), at('g'));
      put(disk, at('f'), 'two');
      const { mode } = must(disk.lstatSync(at('f')));
      disk.fchmodSync(handle, 0o700);
      disk.closeSync(handle);
      expect(['g', 'f'].map((name) => must(disk.lstatSync(at(name))).mode & 0o777)).toEqual([0o700, mode & 0o777]);
      expect(code(() => disk.fchmodSync(handle, 0o600))).toBe('EBADF');
    });

    it('holds a folder by a handle, wherever it goes', () => {
      disk.mkdirSync(at('d'), 0o777);
      put(disk, at('d/f'), 'one');
      const handle = disk.openSync(at('d'), O_PATH | O_DIRECTORY | O_NOFOLLOW);
      const held = `${disk.handles}/${handle}`;
      expect(disk.readlinkSync(held)).toBe(at('d'));
      disk.renameSync(at('d'), at('moved'));
      expect(disk.readlinkSync(held)).toBe(at('moved'));
      put(disk, `${held}/g`, 'two');
      expect(disk.readdirSync(held).sort()).toEqual(['f', 'g']);
      expect(must(disk.lstatSync(`${held}/.`)).ino).toBe(disk.fstatSync(handle).ino);
      expect(must(disk.lstatSync(`${held}/..`)).ino).toBe(must(disk.lstatSync(at(''))).ino);
      disk.unlinkSync(`${held}/f`);
      disk.unlinkSync(`${held}/g`);
      disk.rmdirSync(at('moved'));
      expect(disk.readlinkSync(held)).toContain(' (deleted)');
      expect(code(() => disk.mkdirSync(`${held}/x`, 0o777))).toBe('ENOENT');
      expect(code(() => put(disk, `${held}/x`, ''))).toBe('ENOENT');
      expect(disk.readdirSync(held)).toEqual([]);
      disk.closeSync(handle);
      expect(code(() => disk.readdirSync(held))).toBe('ENOENT');
    });

    it('answers by the mode bits', () => under.asPerson(answersByModes));

    function answersByModes(): void {
      put(disk, at('f'), 'one');
      disk.mkdirSync(at('d'), 0o777);
      put(disk, at('d/f'), 'one');
      disk.chmodSync(at('f'), 0);
      expect(code(() => disk.openSync(at('f'), O_RDONLY))).toBe('EACCES');
      disk.chmodSync(at('f'), 0o400);
      expect(code(() => disk.openSync(at('f'), O_WRONLY))).toBe('EACCES');
      disk.chmodSync(at('d'), 0o500);
      expect(code(() => disk.unlinkSync(at('d/f')))).toBe('EACCES');
      expect(code(() => disk.renameSync(at('d/f'), at('g')))).toBe('EACCES');
      expect(code(() => disk.linkSync(at('f'), at('d/g')))).toBe('EACCES');
      expect(code(() => disk.mkdirSync(at('d/g'), 0o777))).toBe('EACCES');
      disk.chmodSync(at('d'), 0o400);
      expect(disk.readdirSync(at('d'))).toEqual(['f']);
      expect(code(() => disk.lstatSync(at('d/f')))).toBe('EACCES');
      disk.chmodSync(at('d'), 0o300);
      expect(code(() => disk.readdirSync(at('d')))).toBe('EACCES');
      put(disk, at('d/g'), 'two');
      disk.chmodSync(at('d'), 0o700);
    }

    it('makes what it is asked to durable, and says how much room there is', async () => {
      put(disk, at('f'), 'one');
      const handle = disk.openSync(at('f'), O_RDONLY);
      disk.fsyncSync(handle);
      await disk.fsync(handle);
      disk.closeSync(handle);
      const folder = disk.openSync(at('.'), O_RDONLY);
      await disk.fsync(folder);
      disk.closeSync(folder);
      expect(typeof (await disk.syncVolume(at('.')))).toBe('boolean');
      const { bavail, bsize } = disk.statfsSync(at('.'));
      expect(bavail * bsize).toBeGreaterThan(1000);
    });

    it('lists names as text and as bytes', () => {
      for (const name of ['b', 'a', '\u00e4']) put(disk, at(name), '');
      expect(disk.readdirSync(under.folder).sort()).toEqual(['a', 'b', '\u00e4']);
      const texts = disk.readdirBytesSync(under.folder).map((bytes) => new TextDecoder().decode(bytes));
      expect(texts.sort()).toEqual(['a', 'b', '\u00e4']);
    });
  });
}
