import { diskError } from '../common/disk-error.ts';
import { type HoldfastError, must } from '../common/errors.ts';
import { parentPath } from '../common/relative-path.ts';
import { err, ok, type Result } from '../common/result.ts';
import { closeRead } from './close-read.ts';
import type { WantedFile, WholeFile } from './file-system.ts';
import { type Anchor, entryOf, type LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { isAsSeen, type OpenedEntry, openListed } from './open-file.ts';
import { readAll } from './read-all.ts';
import type { TimeSlice } from './time-slice.ts';

type Outcome = Result<WholeFile, HoldfastError>;

/** A file and the memory that is its own. */
interface Target {
  readonly wanted: WantedFile;
  readonly into: Uint8Array;
}

/** See `DiskReader.readFiles`. Gives way after each slice of time. */
export async function readFiles(
  root: LocalRoot,
  files: readonly WantedFile[],
  slice: TimeSlice,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const memory = new Uint8Array(files.reduce((sum, { size }) => sum + size, 0));
  let end = 0;
  const targets = files.map((wanted): Target => {
    const begin = end;
    end += wanted.size;
    return { wanted, into: memory.subarray(begin, end) };
  });
  const byFolder = Map.groupBy(files.keys(), (at) => parentPath(must(files[at]).path));
  for (const ats of byFolder.values()) {
    for (let from = 0; from < ats.length; from += root.entriesAtOnce) {
      if (slice.isSpent()) await slice.rest();
      const run = ats.slice(from, from + root.entriesAtOnce);
      const read = await readRun(
        root,
        run.map((at) => must(targets[at])),
        slice,
      );
      for (const [i, at] of run.entries()) outcomes[at] = must(read[i]);
    }
  }
  return outcomes;
}

/** Of one folder. */
async function readRun(root: LocalRoot, run: readonly Target[], slice: TimeSlice): Promise<readonly Outcome[]> {
  let anchor: Anchor | null = null;
  try {
    anchor = root.openFolder(run[0] === undefined ? [] : entryOf(run[0].wanted.path).folder);
    const outcomes: Outcome[] = [];
    const reading: Promise<void>[] = [];
    for (const [at, target] of run.entries()) {
      const outcome = readOne(root, anchor, target, slice);
      if ('ok' in outcome) outcomes[at] = outcome;
      else {
        reading.push(
          outcome.then((later) => {
            outcomes[at] = later;
          }),
        );
      }
    }
    if (reading.length > 0) await Promise.all(reading);
    // Each was in this folder; that counts if the folder still is the one of this path.
    return anchor.isInPlace() ? outcomes : outcomes.map((each) => (each.ok ? err(diskError('changed')) : each));
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
  { wanted: { path, size }, into }: Target,
  slice: TimeSlice,
): Outcome | Promise<Outcome> {
  const { disk } = root;
  let handle: number | null = null;
  let isLater = false;
  try {
    const at = anchor.at(entryOf(path).name);
    const seen = openListed(root, at);
    handle = seen.handle;
    const isSize = seen.stat.size === size;
    if (!isSize) return err(diskError('changed'));
    if (slice.isSpent()) {
      isLater = true;
      return readInThread(root, at, seen, into);
    }
    for (let done = 0; done < size; ) {
      const length = disk.readSync(handle, into, done, size - done, done);
      if (length === 0) return err(diskError('changed'));
      done += length;
    }
    return outcomeOf(root, at, seen, into);
  } catch (error) {
    return err(mapErrno(error));
  } finally {
    if (handle !== null && !isLater) closeRead(disk, handle);
  }
}

/** Of a file that was read to its end. */
function outcomeOf(root: LocalRoot, at: string, seen: OpenedEntry, bytes: Uint8Array): Outcome {
  const isSame = isAsSeen(root, at, seen);
  return isSame ? ok({ stat: seen.stat, bytes }) : err(diskError('changed'));
}

async function readInThread(root: LocalRoot, at: string, seen: OpenedEntry, into: Uint8Array): Promise<Outcome> {
  const { disk } = root;
  try {
    const length = await readAll(disk, seen.handle, into, 0);
    return length === into.length ? outcomeOf(root, at, seen, into) : err(diskError('changed'));
  } catch (error) {
    return err(mapErrno(error));
  } finally {
    closeRead(disk, seen.handle);
  }
}
