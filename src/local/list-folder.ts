import { diskError } from '../common/disk-error.ts';
import { nameFault, ownFolder } from '../common/name.ts';
import type { Entry } from '../model/stat.ts';
import type { Disk } from './disk.ts';
import type { Listing, ListingOutcome, ProblemEntry } from './file-system.ts';
import type { Anchor, LocalRoot } from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { lookAt } from './node-stat.ts';
import { printBytes } from './print-bytes.ts';
import type { TimeSlice } from './time-slice.ts';

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface Names {
  readonly good: readonly string[];
  /** Displays of names that are no UTF-8. */
  readonly broken: readonly string[];
}

function readNames(disk: Disk, folder: string): Names {
  const names = disk.readdirSync(folder);
  // Node puts U+FFFD for bytes that are no UTF-8; but a name may also just contain it. The bytes tell.
  if (!names.some((name) => name.includes('\ufffd'))) return { good: names, broken: [] };
  const good: string[] = [];
  const broken: string[] = [];
  for (const bytes of disk.readdirBytesSync(folder)) {
    try {
      good.push(strict.decode(bytes));
    } catch {
      broken.push(printBytes(bytes));
    }
  }
  return { good, broken };
}

async function readListing(
  root: LocalRoot,
  anchor: Anchor,
  isRoot: boolean,
  slice: TimeSlice,
  names?: ReadonlySet<string>,
): Promise<Listing> {
  const { disk, hasStableIds } = root;
  const folder = lookAt(disk, `${anchor.folder}/.`, hasStableIds);
  if (folder === null) throw diskError('vanished');
  const { good, broken } = names === undefined ? readNames(disk, anchor.folder) : { good: names, broken: [] };
  const entries: Entry[] = [];
  const problems: ProblemEntry[] = broken.map((display) => ({ display, name: null, fault: 'unicode', error: null }));
  let left = 64;
  for (const name of good) {
    if (left-- === 0) {
      left = 64;
      if (slice.isSpent()) await slice.rest();
    }
    const fault = nameFault(name);
    if (fault !== null) {
      if (!(isRoot && name === ownFolder)) problems.push({ display: name, name: null, fault, error: null });
      continue;
    }
    try {
      const stat = lookAt(disk, anchor.at(name), hasStableIds);
      if (stat !== null) entries.push(Object.assign(stat, { name }));
      // Windows names files with halves of UTF-16 pairs, too, which no text of ours finds again.
      else if (name.includes('\ufffd')) problems.push({ display: name, name: null, fault: 'unicode', error: null });
    } catch (error) {
      problems.push({ display: name, name, fault: null, error: mapErrno(error) });
    }
  }
  // What was looked at by path belongs to this folder only if the folder stayed; also, a root that went empties its folders.
  if (!anchor.isInPlace()) throw diskError('changed');
  return { folder, entries, problems };
}

/** See `DiskReader.listFolder` and, with names, `listNamed`. */
export async function listFolder(
  root: LocalRoot,
  path: readonly string[],
  slice: TimeSlice,
  names?: ReadonlySet<string>,
): Promise<ListingOutcome> {
  let anchor: Anchor | null = null;
  try {
    if (slice.isSpent()) await slice.rest();
    anchor = root.openFolder(path);
    return { ok: true, listing: await readListing(root, anchor, path.length === 0, slice, names) };
  } catch (error) {
    return { ok: false, error: mapErrno(error) };
  } finally {
    anchor?.close();
  }
}
