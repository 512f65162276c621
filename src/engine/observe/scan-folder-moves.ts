import type { NodeId } from '../../common/ids.ts';
import { joinName, type RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import { type Entry, isSameThing } from '../../model/stat.ts';
import { isVacated } from './is-vacated.ts';
import type { Replaced, Scan } from './scan.ts';
import { type Found, placeOf } from './scan-places.ts';
import { create, follow, relocate } from './scan-rows.ts';

/** A folder is where the index knows none: one that moved here, or a new one. Its node. */
export async function appearFolder(scan: Scan, found: Found): Promise<NodeId> {
  const row = await folderRowLike(scan, found.entry);
  // What took its name has its node by now, and this one may even be inside of that.
  if (row === undefined || scan.inPlace.has(row.id) || scan.passedOn.has(row.id)) return create(scan, found);
  relocate(scan, row, found);
  return row.id;
}

/** Says which node a folder is that took the name of another one. */
export async function resolveReplacedFolder(scan: Scan, { parent, pairing }: Replaced): Promise<void> {
  const { inPlace, passedOn, relocated, vanished } = scan;
  const { row, entry } = pairing;
  const found = { parent, entry };
  const source = await folderRowLike(scan, entry);
  if (source !== undefined && source.id !== row.id && !inPlace.has(source.id) && !passedOn.has(source.id)) {
    // Another known folder took this name; the one that had it is elsewhere or gone.
    if (!relocated.has(row.id)) vanished.set(row.id, row);
    relocate(scan, source, found);
  } else if (relocated.has(row.id)) create(scan, found);
  else if (await isElsewhere(scan, row, joinName(parent.path, entry.name))) {
    vanished.set(row.id, row);
    create(scan, found);
  } else {
    passedOn.add(row.id);
    follow(scan, row, parent, entry);
    scan.queue.push(placeOf(row.id, parent, entry));
  }
}

/**
 * A folder cannot be in two places, so one that is known has moved. Where times of birth are all that tells folders apart,
 * those made within a tick look the same: there only one that has left its place.
 */
async function folderRowLike(scan: Scan, entry: Entry): Promise<LocalRow | undefined> {
  const rows = scan.context.index.read
    .localByIdentity(entry.dev, entry.ino)
    .filter((row) => row.kind === 'folder' && isSameThing(row, entry) && !scan.relocated.has(row.id));
  if (entry.ino !== 0) return rows[0];
  for (const row of rows) if (await isVacated(scan, row)) return row;
  return undefined;
}

/**
 * Whether a folder that is still to be looked at has the row's identity, or one right inside of the folder that took its
 * name (a folder wrapped in another one of its name): then the row moves when its turn comes.
 */
async function isElsewhere(scan: Scan, row: LocalRow, path: RelativePath): Promise<boolean> {
  if (scan.replacedFolders.some(({ pairing }) => pairing.row.id !== row.id && isSameThing(row, pairing.entry)))
    return true;
  const outcome = await scan.context.fs.listFolder(path);
  return outcome.ok && outcome.listing.entries.some((entry) => entry.kind === 'folder' && isSameThing(row, entry));
}
