import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DiskReason, diskReason } from '../../src/common/disk-error.ts';
import { must } from '../../src/common/errors.ts';
import type { NodeId, PairId, VaultId } from '../../src/common/ids.ts';
import { parsePath, type RelativePath } from '../../src/common/relative-path.ts';
import type { FileSystem, Listing, Marker, StagedFile } from '../../src/local/file-system.ts';
import { type Entry, isSameState, type Stat } from '../../src/model/stat.ts';

/** What a person's other programs do in the same folder, past the port. Paths are relative to the root. */
export interface OtherProgram {
  write(path: string, text: string): Promise<void>;
  append(path: string, text: string): Promise<void>;
  read(path: string): Promise<string>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file or a folder with all in it. */
  remove(path: string): Promise<void>;
  /** Null where the disk has no links. */
  link: ((path: string, target: string) => Promise<void>) | null;
  setMode: ((path: string, mode: number) => Promise<void>) | null;
  getMode: ((path: string) => Promise<number>) | null;
}

/** Where the disk below is less than the usual one. */
export interface DiskLimits {
  /** The name as the disk keeps it; null if it refuses it. */
  keptName(name: string): string | null;
  readonly mtimeStepUs: number;
}

const noLimits: DiskLimits = { keptName: (name) => name, mtimeStepUs: 1 };

export interface FileSystemUnderTest {
  readonly fs: FileSystem;
  readonly other: OtherProgram;
  readonly limits?: DiskLimits;
  /** Forgets all that is in memory and opens the same folder again, as after a crash. */
  reopen(): Promise<FileSystem>;
  dispose(): Promise<void>;
}

export const path = (text: string): RelativePath => must(parsePath(text), `no path: ${text}`);
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The reason that `work` fails for; `none` if it does not. */
export async function reasonOf(work: Promise<unknown>): Promise<DiskReason | 'none' | string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    return diskReason(error) ?? String(error);
  }
}

export async function listed(fs: FileSystem, folder: string): Promise<Listing> {
  const outcome = await fs.listFolder(path(folder));
  if (!outcome.ok) throw outcome.error;
  return outcome.listing;
}

export const names = (listing: Listing): string[] => listing.entries.map((entry: Entry) => entry.name).sort();

export const found = async (fs: FileSystem, at: string): Promise<Stat> => must(await fs.stat(path(at)), `no ${at}`);

export async function stageText(
  fs: FileSystem,
  text: string,
  attributes = { mtimeUs: 1_700_000_000_123_457, exec: false },
): Promise<StagedFile> {
  const file = await fs.createStaged();
  await file.write(bytes(text), 0);
  await file.finish(attributes);
  await fs.syncStaged([file]);
  return file;
}

/** What every implementation of `FileSystem` promises. */
export function fileSystemContract(title: string, make: () => Promise<FileSystemUnderTest>): void {
  describe(`file system: ${title}`, () => {
    let under: FileSystemUnderTest;
    let fs: FileSystem;
    let other: OtherProgram;
    let limits: DiskLimits;
    beforeEach(async () => {
      under = await make();
      ({ fs, other, limits = noLimits } = under);
    });
    const keptTime = (us: number): number => Math.floor(us / limits.mtimeStepUs) * limits.mtimeStepUs;
    afterEach(async () => under.dispose());

    describe('looking', () => {
      it('lists files and folders with their stat, without its own folder', async () => {
        await fs.writeMarker({ pairId: 'a'.repeat(32) as PairId, vaultId: 'b'.repeat(32) as VaultId, madeAt: 1 });
        await other.write('f', 'hello');
        await other.makeFolder('d');
        const { entries, problems, folder } = await listed(fs, '');
        expect(entries.map(({ name, kind, size }) => [name, kind, size]).sort()).toEqual([
          ['d', 'folder', 0],
          ['f', 'file', 5],
        ]);
        expect(problems).toEqual([]);
        expect(folder.kind).toBe('folder');
      });

      it('lists and stats the same state', async () => {
        await other.write('f', 'hello');
        const entry = must((await listed(fs, '')).entries[0]);
        expect(isSameState(entry, await found(fs, 'f'))).toBe(true);
      });

      it('says vanished for a missing folder and wrong-kind for a file', async () => {
        await other.write('f', '');
        const missing = await fs.listFolder(path('no/where'));
        expect(missing.ok ? 'ok' : diskReason(missing.error)).toBe('vanished');
        const file = await fs.listFolder(path('f'));
        expect(file.ok ? 'ok' : diskReason(file.error)).toBe('wrong-kind');
      });

      it('lists entries of some names as with all others', async () => {
        for (const folder of ['d', 'd/sub']) await other.makeFolder(folder);
        for (const file of ['d/f', 'd/g', 'd/h']) await other.write(file, file);
        const all = new Map((await listed(fs, 'd')).entries.map((entry) => [entry.name, entry]));
        const asked = new Set(['g', 'sub', 'none']);
        const some = await fs.listNamed(path('d'), asked);
        if (!some.ok) throw some.error;
        const named = new Map(some.listing.entries.map((entry) => [entry.name, entry]));
        expect([...named.keys()].sort()).toEqual(['g', 'sub']);
        for (const [name, entry] of named) expect(entry).toEqual(all.get(name));
        expect([some.listing.folder.ino, some.listing.problems]).toEqual([(await found(fs, 'd')).ino, []]);

        const missing = await fs.listNamed(path('none'), asked);
        expect(missing.ok ? 'ok' : diskReason(missing.error)).toBe('vanished');
        const own = await fs.listNamed(path(''), new Set(['.holdfast']));
        expect(own.ok && own.listing.entries).toEqual([]);
      });

      it('answers null where certainly nothing is', async () => {
        await other.write('f', '');
        expect(await fs.stat(path('none'))).toBeNull();
        expect(await fs.stat(path('none/below'))).toBeNull();
        expect(await fs.stat(path('f/below'))).toBeNull();
      });

      it.each([
        ['a line\nbreak', 'newline'],
        ['-rf', 'leading dash'],
        ['%2F#~"\'`$(x)', 'signs of shells'],
        ['👩‍👩‍👧‍👦 e\u0301 \u202etxt.exe', 'emoji, combining, right-to-left'],
        ['\ufffd', 'a real replacement character'],
        [' lead and trail ', 'spaces'],
        ['...', 'dots'],
        ['x'.repeat(255), '255 bytes'],
        ['ä'.repeat(127), '254 bytes of two-byte signs'],
      ])('holds the name %j (%s), or refuses it', async (name) => {
        const kept = limits.keptName(name);
        if (kept === null) {
          expect(['bad-name', 'too-long']).toContain(await reasonOf(fs.makeFolder(path(name))));
          const file = await stageText(fs, 'new');
          expect(['bad-name', 'too-long']).toContain(await reasonOf(fs.placeStaged(file, path(name), null, 'b1')));
          expect(names(await listed(fs, ''))).toEqual([]);
          return;
        }
        await other.write(name, 'there');
        expect(names(await listed(fs, ''))).toEqual([kept]);
        const stat = await found(fs, name);
        await fs.move(path(name), path('plain'), stat);
        await fs.move(path('plain'), path(name), await found(fs, 'plain'));
        expect(await other.read(name)).toBe('there');
      });

      it('reads at positions and knows a file that did not change', async () => {
        await other.write('f', '0123456789');
        const file = await fs.openFile(path('f'));
        const buffer = new Uint8Array(4);
        expect(await file.read(buffer, 3)).toBe(4);
        expect(new TextDecoder().decode(buffer)).toBe('3456');
        expect(await file.read(buffer, 8)).toBe(2);
        expect(await file.read(buffer, 100)).toBe(0);
        expect(await file.isUnchanged()).toBe(true);
        await file.close();
        await file.close();
      });

      it('knows that a file changed, was replaced or removed while it was open', async () => {
        const changes: Record<string, () => Promise<void>> = {
          appended: () => other.append('appended', 'x'),
          replaced: async () => {
            await other.write('new', 'same');
            await other.rename('new', 'replaced');
          },
          removed: () => other.remove('removed'),
        };
        for (const [name, change] of Object.entries(changes)) {
          await other.write(name, 'same');
          const file = await fs.openFile(path(name));
          await change();
          expect([name, await file.isUnchanged()]).toEqual([name, false]);
          await file.close();
        }
      });

      it('reads small files of any folders whole, in their order, and says of each that fails why', async () => {
        await other.makeFolder('d');
        await other.write('f', 'one');
        await other.write('d/g', 'other');
        await other.write('d/empty', '');
        const wanted = (name: string, size: number) => ({ path: path(name), size });
        const files = [wanted('f', 3), wanted('d/g', 5), wanted('d/empty', 0), wanted('d/no', 1), wanted('d', 1)];
        const outcomes = await fs.readFiles([...files, wanted('no/f', 1), wanted('d/g', 4), wanted('f', 4)]);
        expect(
          outcomes.map((each) => (each.ok ? new TextDecoder().decode(each.value.bytes) : each.error.reason)),
        ).toEqual(['one', 'other', '', 'vanished', 'wrong-kind', 'vanished', 'changed', 'changed']);
        expect(outcomes[1]?.ok && isSameState(outcomes[1].value.stat, await found(fs, 'd/g'))).toBe(true);
        expect(await fs.readFiles([])).toEqual([]);
      });

      it('opens files only', async () => {
        await other.makeFolder('d');
        expect(await reasonOf(fs.openFile(path('d')))).toBe('wrong-kind');
        expect(await reasonOf(fs.openFile(path('none')))).toBe('vanished');
      });
    });

    describe('changing', () => {
      it('makes folders where nothing is', async () => {
        const stat = await fs.makeFolder(path('d'));
        expect(isSameState(stat, await found(fs, 'd'))).toBe(true);
        expect(await reasonOf(fs.makeFolder(path('d')))).toBe('exists');
        expect(await reasonOf(fs.makeFolder(path('no/d')))).toBe('vanished');
      });

      it('moves a file, keeps its identity, and returns the stat that the next listing shows', async () => {
        await other.write('f', 'one');
        await other.makeFolder('d');
        const before = await found(fs, 'f');
        const moved = await fs.move(path('f'), path('d/g'), before);
        expect(await other.read('d/g')).toBe('one');
        expect(await fs.stat(path('f'))).toBeNull();
        expect([moved.dev, moved.ino]).toEqual([before.dev, before.ino]);
        expect(isSameState(moved, must((await listed(fs, 'd')).entries[0]))).toBe(true);
      });

      it('moves a folder with all in it', async () => {
        await other.makeFolder('d');
        await other.write('d/f', 'one');
        await fs.move(path('d'), path('e'), await found(fs, 'd'));
        expect(await other.read('e/f')).toBe('one');
      });

      it('never replaces by a move', async () => {
        await other.write('f', 'one');
        await other.write('g', 'two');
        await other.makeFolder('d');
        await other.makeFolder('empty');
        for (const target of ['g', 'd']) {
          expect(await reasonOf(fs.move(path('f'), path(target), await found(fs, 'f')))).toBe('exists');
        }
        expect(await reasonOf(fs.move(path('d'), path('empty'), await found(fs, 'd')))).toBe('exists');
        expect([await other.read('f'), await other.read('g')]).toEqual(['one', 'two']);
      });

      it('replaces no other file either that looks the same', async () => {
        for (const [name, text] of [
          ['f', 'one'],
          ['g', 'two'],
        ] as const) {
          await fs.placeStaged(await stageText(fs, text), path(name), null, 'b1');
        }
        expect(await reasonOf(fs.move(path('f'), path('g'), await found(fs, 'f')))).toBe('exists');
        expect([await other.read('f'), await other.read('g')]).toEqual(['one', 'two']);
      });

      it('does not move what changed since it was looked at', async () => {
        await other.write('f', 'one');
        const before = await found(fs, 'f');
        await other.append('f', 'more');
        expect(await reasonOf(fs.move(path('f'), path('g'), before))).toBe('changed');
        await other.remove('f');
        expect(await reasonOf(fs.move(path('f'), path('g'), before))).toBe('vanished');
      });

      it('does not move what took the name meanwhile, of the same size and time', async () => {
        const mtimeUs = 1_600_000_000_000_000;
        await other.write('f', 'one');
        const before = await fs.setAttributes(path('f'), await found(fs, 'f'), { mtimeUs });
        await other.rename('f', 'g');
        await other.write('f', 'two');
        await fs.setAttributes(path('f'), await found(fs, 'f'), { mtimeUs });
        expect(await reasonOf(fs.move(path('f'), path('h'), before))).toBe('changed');
      });

      it.each([0, 1, 1_700_000_000_123_457, 4_291_747_200_000_001, -1, -1_500_000])(
        'sets the time %d to the microsecond, or as near as the disk can',
        async (mtimeUs) => {
          await other.write('f', 'one');
          const stat = await fs.setAttributes(path('f'), await found(fs, 'f'), { mtimeUs });
          expect(stat.mtimeUs).toBe(keptTime(mtimeUs));
          expect((await found(fs, 'f')).mtimeUs).toBe(keptTime(mtimeUs));
        },
      );

      it('sets the exec bit and keeps the other bits', async ({ skip }) => {
        const { setMode, getMode } = other;
        if (setMode === null || getMode === null) return skip('no mode bits here');
        await other.write('f', 'one');
        await setMode('f', 0o640);
        const exec = await fs.setAttributes(path('f'), await found(fs, 'f'), { exec: true });
        expect([exec.exec, await getMode('f')]).toEqual([true, 0o750]);
        await fs.setAttributes(path('f'), exec, { exec: false });
        expect(await getMode('f')).toBe(0o640);
      });

      it('sets attributes only of what was expected', async () => {
        await other.write('f', 'one');
        const before = await found(fs, 'f');
        await other.append('f', 'more');
        expect(await reasonOf(fs.setAttributes(path('f'), before, { mtimeUs: 5 }))).toBe('changed');
      });

      it('removes empty folders only', async () => {
        await other.makeFolder('d');
        await other.write('d/f', 'one');
        expect(await reasonOf(fs.removeFolder(path('d')))).toBe('not-empty');
        await other.remove('d/f');
        await fs.removeFolder(path('d'));
        expect(await fs.stat(path('d'))).toBeNull();
        expect(await reasonOf(fs.removeFolder(path('d')))).toBe('vanished');
      });

      it('syncs folders, also when some are gone', async () => {
        await other.makeFolder('d');
        await fs.syncFolders([path(''), path('d'), path('gone')]);
        await fs.syncFolders(Array.from({ length: 40 }, (_, i) => path(`gone-${i}`)));
      });

      it('refuses paths that no function made', async () => {
        await other.makeFolder('d');
        for (const text of ['../x', 'd/../../x', '/etc', 'd//x', '.holdfast/marker', '.HOLDFAST/x', 'a\0b', './x']) {
          expect([text, await reasonOf(fs.makeFolder(text as RelativePath))]).toEqual([text, 'bad-name']);
        }
        expect(await reasonOf(fs.removeFolder(path('')))).toBe('wrong-kind');
      });
    });

    describe('staging', () => {
      it('places a new file with content, time and exec bit', async () => {
        const placed = await fs.placeStaged(
          await stageText(fs, 'new', { mtimeUs: 1_600_000_000_000_001, exec: true }),
          path('f'),
          null,
          'b1',
        );
        expect(await other.read('f')).toBe('new');
        expect(placed.trashed).toBeNull();
        const mtimeUs = keptTime(1_600_000_000_000_001);
        expect(placed.stat).toMatchObject({ size: 3, mtimeUs, exec: true, linkCount: 1 });
        expect(isSameState(placed.stat, must((await listed(fs, '')).entries[0]))).toBe(true);
      });

      it('fills gaps with zeros and takes pieces in any order', async () => {
        const file = await fs.createStaged();
        await file.write(bytes('end'), 5);
        await file.write(bytes('a'), 0);
        await file.finish({ mtimeUs: 0, exec: false });
        await fs.syncStaged([file]);
        await fs.placeStaged(file, path('f'), null, 'b1');
        expect(await other.read('f')).toBe('a\0\0\0\0end');
      });

      it('does not place over what appeared', async () => {
        const file = await stageText(fs, 'new');
        await other.write('f', 'mine');
        expect(await reasonOf(fs.placeStaged(file, path('f'), null, 'b1'))).toBe('exists');
        expect(await other.read('f')).toBe('mine');
        // The stage file is still good for another name.
        await fs.placeStaged(file, path('g'), null, 'b1');
        expect(await other.read('g')).toBe('new');
      });

      it('replaces the expected file and keeps the old content in the trash', async () => {
        await other.write('f', 'old');
        const placed = await fs.placeStaged(await stageText(fs, 'new'), path('f'), await found(fs, 'f'), 'b1');
        expect(await other.read('f')).toBe('new');
        expect(placed.trashed).toMatchObject({ batch: 'b1', path: 'f', copy: 1, size: 3 });
        expect(await fs.listTrash()).toMatchObject([must(placed.trashed)]);
        await fs.restoreTrashed(must(placed.trashed), path('back'));
        expect(await other.read('back')).toBe('old');
      });

      it('replaces nothing that changed or vanished, and trashes nothing then', async () => {
        await other.write('f', 'old');
        const before = await found(fs, 'f');
        const file = await stageText(fs, 'new');
        await other.append('f', ' and edited');
        expect(await reasonOf(fs.placeStaged(file, path('f'), before, 'b1'))).toBe('changed');
        expect(await other.read('f')).toBe('old and edited');
        await other.remove('f');
        expect(await reasonOf(fs.placeStaged(file, path('f'), before, 'b1'))).toBe('vanished');
        expect(await fs.listTrash()).toEqual([]);
        await file.discard();
        await file.discard();
      });

      it('keeps the mode bits of the replaced file', async ({ skip }) => {
        const { setMode, getMode } = other;
        if (setMode === null || getMode === null) return skip('no mode bits here');
        await other.write('f', 'old');
        await setMode('f', 0o640);
        await fs.placeStaged(await stageText(fs, 'new'), path('f'), await found(fs, 'f'), 'b1');
        expect(await getMode('f')).toBe(0o640);
        const exec = await stageText(fs, 'newer', { mtimeUs: 1, exec: true });
        await fs.placeStaged(exec, path('f'), await found(fs, 'f'), 'b1');
        expect(await getMode('f')).toBe(0o750);
      });

      it('gives no name to content that is not on the medium', async () => {
        const file = await fs.createStaged();
        await file.write(bytes('x'), 0);
        await expect(fs.placeStaged(file, path('f'), null, 'b1')).rejects.toMatchObject({ kind: 'bug' });
        await file.finish({ mtimeUs: 0, exec: false });
        await expect(fs.placeStaged(file, path('f'), null, 'b1')).rejects.toMatchObject({ kind: 'bug' });
        expect(await fs.stat(path('f'))).toBeNull();
      });

      it('gives no name to what is gone from the stage, and the others theirs', async () => {
        const finished = async () => {
          const file = await fs.createStaged();
          await file.write(bytes('x'), 0);
          await file.finish({ mtimeUs: 0, exec: false });
          return file;
        };
        const gone = await finished();
        await other.remove('.holdfast/stage');
        await other.makeFolder('.holdfast/stage');
        const there = await finished();
        await fs.syncStaged([gone, there]);
        await expect(fs.placeStaged(gone, path('f'), null, 'b1')).rejects.toMatchObject({
          kind: 'io',
          reason: 'removed-from-stage',
        });
        await fs.placeStaged(there, path('g'), null, 'b1');
        expect([await fs.stat(path('f')), (await found(fs, 'g')).size]).toEqual([null, 1]);
      });

      it('syncs many at once', async () => {
        const files = await Promise.all(
          Array.from({ length: 50 }, async (_, i) => {
            const file = await fs.createStaged();
            await file.write(bytes(`${i}`), 0);
            await file.finish({ mtimeUs: i, exec: false });
            return file;
          }),
        );
        await fs.syncStaged(files);
        await Promise.all(files.map((file, i) => fs.placeStaged(file, path(`f${i}`), null, 'b1')));
        expect((await listed(fs, '')).entries).toHaveLength(50);
      });

      it('stages and places many together, each with its content, time and exec bit', async () => {
        await other.makeFolder('d');
        const names = Array.from({ length: 150 }, (_, i) => (i % 3 === 0 ? `d/f${i}` : `f${i}`));
        const files = await fs.stageAll(
          names.map((name, i) => ({
            bytes: bytes(i === 7 ? '' : name),
            mtimeUs: 1_600_000_000_000_000,
            exec: i === 8,
          })),
        );
        await fs.syncStaged(files);
        const outcomes = await fs.placeAll(names.map((name, i) => ({ file: must(files[i]), path: path(name) })));
        for (const [i, name] of names.entries()) {
          expect(await other.read(name)).toBe(i === 7 ? '' : name);
          const stat = await found(fs, name);
          expect(outcomes[i]).toEqual({ ok: true, value: stat });
          // Without mode bits everything counts as executable.
          const exec = i === 8 || other.getMode === null;
          expect(stat).toMatchObject({ mtimeUs: keptTime(1_600_000_000_000_000), exec, linkCount: 1 });
        }
      });

      it('places the others of many when one cannot be', async () => {
        const files = await fs.stageAll(
          ['a', 'b', 'c', 'd'].map((text) => ({ bytes: bytes(text), mtimeUs: 0, exec: false })),
        );
        const [unsynced] = await fs.stageAll([{ bytes: bytes('e'), mtimeUs: 0, exec: false }]);
        await fs.syncStaged(files);
        await other.write('b', 'mine');
        const paths = ['a', 'b', 'gone/c', 'd', 'e'];
        const outcomes = await fs.placeAll(
          paths.map((name, i) => ({ file: must(files[i] ?? unsynced), path: path(name) })),
        );
        const reasons = outcomes.map((outcome) =>
          outcome.ok ? 'placed' : (outcome.error.reason ?? outcome.error.kind),
        );
        expect(reasons).toEqual(['placed', 'exists', 'vanished', 'placed', 'bug']);
        expect([await other.read('a'), await other.read('b'), await other.read('d')]).toEqual(['a', 'mine', 'd']);
        // What was refused is still good for another name.
        expect((await fs.placeAll([{ file: must(files[1]), path: path('g') }]))[0]?.ok).toBe(true);
        for (const file of [...files, must(unsynced)]) await file.leave();
        expect(await other.read('g')).toBe('b');
      });

      it('after a crash: forgets unfinished files, brings back what was parked', async () => {
        await other.makeFolder('d');
        await other.write('d/f', 'parked');
        await other.makeFolder('tree');
        await other.write('tree/x', 'in a tree');
        const unfinished = await fs.createStaged();
        await unfinished.write(bytes('junk'), 0);
        await fs.park(path('d/f'), await found(fs, 'd/f'), 'k1');
        await fs.park(path('tree'), await found(fs, 'tree'), 'k2');
        expect(await fs.stat(path('d/f'))).toBeNull();

        const again = await under.reopen();
        expect([...(await again.recoverStage())].sort()).toEqual(['d/f', 'tree']);
        expect([await other.read('d/f'), await other.read('tree/x')]).toEqual(['parked', 'in a tree']);
        expect(await again.recoverStage()).toEqual([]);
        await unfinished.discard();
      });

      it('brings back beside a taken name, and to the nearest folder that is left', async () => {
        await other.makeFolder('d');
        await other.write('d/f', 'one');
        await other.write('g', 'two');
        await fs.park(path('d/f'), await found(fs, 'd/f'), 'k1');
        await fs.park(path('g'), await found(fs, 'g'), 'k2');
        await other.remove('d');
        await other.write('g', 'taken');
        const recovered = await (await under.reopen()).recoverStage();
        expect([...recovered].sort()).toEqual(['f', 'g (2)']);
        expect(await Promise.all(['f', 'g', 'g (2)'].map((name) => other.read(name)))).toEqual(['one', 'taken', 'two']);
      });

      it('brings back beside a taken name that leaves no room for a mark', async () => {
        const longest = 'n'.repeat(limits.keptName('n'.repeat(255)) === null ? 143 : 255);
        await other.write(longest, 'one');
        await fs.park(path(longest), await found(fs, longest), 'k1');
        await other.write(longest, 'taken');
        const [recovered] = await (await under.reopen()).recoverStage();
        expect(await other.read(longest)).toBe('taken');
        expect(await other.read(must(recovered))).toBe('one');
      });

      it('parks one thing under a key, and no second one over it', async () => {
        await other.write('a', 'A');
        await other.write('b', 'B');
        await fs.park(path('a'), await found(fs, 'a'), 'k1');
        expect(await reasonOf(fs.park(path('b'), await found(fs, 'b'), 'k1'))).toBe('exists');
        await fs.recoverStage();
        expect([await other.read('a'), await other.read('b')]).toEqual(['A', 'B']);
      });

      it('parks and brings to another place', async () => {
        await other.write('a', 'A');
        await other.write('b', 'B');
        await fs.park(path('a'), await found(fs, 'a'), 'k1');
        await fs.move(path('b'), path('a'), await found(fs, 'b'));
        expect(await reasonOf(fs.unpark('k1', path('a')))).toBe('exists');
        const stat = await fs.unpark('k1', path('b'));
        expect(isSameState(stat, await found(fs, 'b'))).toBe(true);
        expect([await other.read('a'), await other.read('b')]).toEqual(['B', 'A']);
        expect(await fs.recoverStage()).toEqual([]);
      });
    });

    describe('trash', () => {
      it('takes the expected file only', async () => {
        await other.makeFolder('d');
        await other.write('d/f', 'one');
        const before = await found(fs, 'd/f');
        await other.append('d/f', 'more');
        expect(await reasonOf(fs.trashFile(path('d/f'), before, 'b1'))).toBe('changed');
        const item = await fs.trashFile(path('d/f'), await found(fs, 'd/f'), 'b1');
        expect(item).toMatchObject({ batch: 'b1', path: 'd/f', copy: 1, size: 7 });
        expect(await fs.stat(path('d/f'))).toBeNull();
        await fs.removeFolder(path('d'));
        await fs.restoreTrashed(item, path('f'));
        expect(await other.read('f')).toBe('onemore');
        expect(await reasonOf(fs.restoreTrashed(item, path('g')))).toBe('vanished');
      });

      it('keeps every content of one path in one batch, also when a file takes the name of a folder', async () => {
        for (const text of ['one', 'two']) {
          await other.write('f', text);
          await fs.trashFile(path('f'), await found(fs, 'f'), 'b1');
        }
        await other.makeFolder('f');
        await other.write('f/x', 'three');
        await fs.trashFile(path('f/x'), await found(fs, 'f/x'), 'b1');
        const items = await fs.listTrash();
        expect(items.map((item) => `${item.path} ${item.size}`).sort()).toEqual(['f 3', 'f 3', 'f/x 5']);
        const texts: string[] = [];
        for (const [i, item] of items.entries()) {
          await fs.restoreTrashed(item, path(`r${i}`));
          texts.push(await other.read(`r${i}`));
        }
        expect(texts.sort()).toEqual(['one', 'three', 'two']);
      });

      it('does not restore over anything', async () => {
        await other.write('f', 'one');
        const item = await fs.trashFile(path('f'), await found(fs, 'f'), 'b1');
        await other.write('f', 'two');
        expect(await reasonOf(fs.restoreTrashed(item, path('f')))).toBe('exists');
        expect(await other.read('f')).toBe('two');
      });

      it('expires old batches and nothing else', async () => {
        await other.write('f', 'one');
        await fs.trashFile(path('f'), await found(fs, 'f'), 'b1');
        await other.write('f', 'live');
        expect(await fs.expireTrash(Date.now() - 60_000)).toBe(0);
        expect(await fs.expireTrash(Date.now() + 60_000)).toBe(1);
        expect(await fs.listTrash()).toEqual([]);
        expect(await other.read('f')).toBe('live');
      });

      it('drops one file for good, with the folders that are empty then', async () => {
        await other.makeFolder('d');
        await other.write('d/f', 'one');
        await other.write('g', 'two');
        const item = await fs.trashFile(path('d/f'), await found(fs, 'd/f'), 'b1');
        const kept = await fs.trashFile(path('g'), await found(fs, 'g'), 'b1');
        await fs.dropTrashed(item);
        expect(await fs.listTrash()).toMatchObject([kept]);
        expect(await reasonOf(fs.dropTrashed(item))).toBe('vanished');
        await fs.dropTrashed(kept);
        expect(await fs.listTrash()).toEqual([]);
        expect(await fs.expireTrash(Date.now() + 60_000)).toBe(0);
      });

      it('tells when a trashed file was written to later', async () => {
        await other.write('f', 'one');
        const placed = await fs.placeStaged(await stageText(fs, 'new'), path('f'), await found(fs, 'f'), 'b1');
        const item = must(placed.trashed);
        expect(await fs.isTrashedChanged(item)).toBe(false);
        await other.append('.holdfast/trash/b1/f', 'late save');
        expect(await fs.isTrashedChanged(item)).toBe(true);
        await fs.expireTrash(Date.now() + 60_000);
        expect(await reasonOf(fs.isTrashedChanged(item))).toBe('vanished');
      });

      it('tells so by the size alone, and by the time alone', async () => {
        await other.write('f', 'one');
        const item = await fs.trashFile(path('f'), await found(fs, 'f'), 'b1');
        expect(await fs.isTrashedChanged({ ...item, size: item.size + 1 })).toBe(true);
        expect(await fs.isTrashedChanged({ ...item, mtimeUs: item.mtimeUs + 1 })).toBe(true);
      });
    });

    describe('root', () => {
      const marker: Marker = { pairId: 'a'.repeat(32) as PairId, vaultId: 'b'.repeat(32) as VaultId, madeAt: 17 };

      it('knows its folder by marker and inode', async () => {
        expect(await fs.readMarker()).toBeNull();
        expect(await fs.checkRoot(null)).toBe('ok');
        const identity = await fs.writeMarker(marker);
        expect(await fs.readMarker()).toEqual(marker);
        expect(await fs.checkRoot(identity)).toBe('ok');
        expect(await fs.checkRoot({ ...identity, pairId: 'c'.repeat(32) as PairId })).toBe('replaced');
        expect(await fs.checkRoot({ ...identity, ino: identity.ino + 1 })).toBe('copied');
        await other.remove('.holdfast');
        expect(await fs.checkRoot(identity)).toBe('replaced');
      });

      it('keeps in the marker what was chosen, and is nobody’s without one', async () => {
        const chosen: Marker = { ...marker, deselected: ['d'.repeat(32) as NodeId] };
        const identity = await fs.writeMarker(chosen);
        expect(await fs.readMarker()).toEqual(chosen);
        await fs.removeMarker();
        expect(await fs.readMarker()).toBeNull();
        expect(await fs.checkRoot(identity)).toBe('replaced');
        await other.write('.holdfast/marker', JSON.stringify({ ...marker, deselected: ['x'] }));
        await expect(fs.readMarker()).rejects.toMatchObject({ kind: 'corrupt' });
      });

      it('takes a broken marker for nobody’s', async () => {
        const identity = await fs.writeMarker(marker);
        await other.write('.holdfast/marker', '{"pairId":');
        expect(await fs.checkRoot(identity)).toBe('replaced');
        await expect(fs.readMarker()).rejects.toMatchObject({ kind: 'corrupt' });
      });

      it('is held by the program that came last, until that one lets go', async () => {
        const identity = await fs.writeMarker(marker);
        await fs.hold();
        const own = await other.read('.holdfast/holder');
        expect(await fs.checkRoot(identity)).toBe('ok');
        const another = 'd'.repeat(32);
        await other.write('.holdfast/holder', another);
        expect(await fs.checkRoot(identity)).toBe('held');
        await fs.hold();
        expect(await fs.checkRoot(identity)).toBe('held');
        await other.remove('.holdfast/holder');
        expect(await fs.checkRoot(identity)).toBe('ok');
        expect(await other.read('.holdfast/holder')).toBe(own);
        await other.write('.holdfast/holder', '');
        expect(await fs.checkRoot(identity)).toBe('ok');
        await other.write('.holdfast/holder', another);
        await fs.letGo();
        expect(await other.read('.holdfast/holder')).toBe(another);
        expect(await fs.checkRoot(identity)).toBe('ok');
        await fs.hold();
        await fs.letGo();
        await expect(other.read('.holdfast/holder')).rejects.toThrow();
      });

      it('probes names, bits and times, and leaves nothing behind', async () => {
        const traits = await fs.probeVolume();
        expect(traits.nameRules.maxLength.length).toBeGreaterThan(100);
        expect(traits.mtimeStepUs).toBeGreaterThanOrEqual(1);
        expect((await listed(fs, '')).entries).toEqual([]);
        await other.write('case', '');
        expect((await fs.stat(path('CASE'))) === null).toBe(traits.nameRules.isCaseSensitive);
      });
    });
  });
}
