import { diskError } from '../common/disk-error.ts';
import { type HoldfastError, must } from '../common/errors.ts';
import { parentPath } from '../common/relative-path.ts';
import { err, ok, type Result } from '../common/result.ts';
import type { Disk } from './disk.ts';
import type { WantedFile, WholeFile } from './file-system.ts';
import { type Anchor, entryOf, type LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { lookAt } from './node-stat.ts';
import { isAsOpened, type OpenedEntry, openEntry } from './open-file.ts';
import { readAll } from './read-all.ts';
import type { TimeSlice } from './time-slice.ts';

type Outcome = Result<WholeFile, HoldfastError>;

/** See `DiskReader.readFiles`. Gives way after each slice of time. */
export async function readFiles(
  root: LocalRoot,
  files: readonly WantedFile[],
  slice: TimeSlice,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const byFolder = Map.groupBy(files.keys(), (at) => parentPath(must(files[at]).path));
  for (const ats of byFolder.values()) {
    for (let from = 0; from < ats.length; from += root.entriesAtOnce) {
      if (slice.isSpent()) await slice.rest();
      const run = ats.slice(from, from + root.entriesAtOnce);
      const read = await readRun(
        root,
        run.map((at) => must(files[at])),
        slice,
      );
      for (const [i, at] of run.entries()) outcomes[at] = must(read[i]);
    }
  }
  return outcomes;
}

/** Of one folder. */
async function readRun(root: LocalRoot, run: readonly WantedFile[], slice: TimeSlice): Promise<readonly Outcome[]> {
  let anchor: Anchor | null = null;
  try {
    anchor = root.openFolder(run[0] === undefined ? [] : entryOf(run[0].path).folder);
    const inFolder = anchor;
    const read = await Promise.all(run.map((file) => readOne(root, inFolder, file, slice)));
    // Each had its name in this folder to the end; that counts if the folder is still the one of this path.
    return anchor.isInPlace() ? read : read.map((each) => (each.ok ? err(diskError('changed')) : each));
  } catch (error) {
    return run.map(() => err(mapErrno(error)));
  } finally {
    anchor?.close();
  }
}

/**
 * Without giving way while that is quick: to have another thread read some kilobytes takes ten times as long. A disk that
 * has to look for them uses up the slice; the others are then asked for in threads, all at once.
 */
function readOne(
  root: LocalRoot,
  anchor: Anchor,
  { path, size }: WantedFile,
  slice: TimeSlice,
): Outcome | Promise<Outcome> {
  const { disk } = root;
  let opened: OpenedEntry;
  let at: string;
  try {
    at = anchor.at(entryOf(path).name);
    opened = openEntry(root, at);
  } catch (error) {
    return err(mapErrno(error));
  }
  const { handle, stat } = opened;
  const bytes = new Uint8Array(stat.size === size ? size : 0);
  const checked = (): Outcome => {
    const isSame = stat.size === size && isAsOpened(root, opened, () => lookAt(disk, at, root.hasStableIds));
    return isSame ? ok({ stat, bytes }) : err(diskError('changed'));
  };
  const close = (): void => disk.closeSync(handle);
  if (slice.isSpent()) return readInThread(disk, handle, bytes, checked).finally(close);
  try {
    for (let done = 0; done < bytes.length; ) {
      const length = disk.readSync(handle, bytes, done, size - done, done);
      if (length === 0) return err(diskError('changed'));
      done += length;
    }
    return checked();
  } catch (error) {
    return err(mapErrno(error));
  } finally {
    close();
  }
}

async function readInThread(disk: Disk, handle: number, bytes: Uint8Array, checked: () => Outcome): Promise<Outcome> {
  try {
    return (await readAll(disk, handle, bytes, 0)) === bytes.length ? checked() : err(diskError('changed'));
  } catch (error) {
    return err(mapErrno(error));
  }
}
