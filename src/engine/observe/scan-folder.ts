import { rulesFileName } from '../../common/name.ts';
import { joinName, parentPath, type RelativePath } from '../../common/relative-path.ts';
import type { LocalRow } from '../../db/index-port.ts';
import type { Listing } from '../../local/file-system.ts';
import { addDirty } from '../../model/dirty-folders.ts';
import { type LocalNameRules, localKey } from '../../model/local-name-rules.ts';
import { type Entry, isSameIdentity } from '../../model/stat.ts';
import { isSameName } from '../../plan/diverged.ts';
import { forgetHusk, moveHusks } from '../husks.ts';
import { diffFolder, type FolderDiff } from './folder-diff.ts';
import { returnedFiles } from './returned-files.ts';
import type { Scan } from './scan.ts';
import { appearFolder } from './scan-folder-moves.ts';
import { type Place, placeOf, startPlace } from './scan-places.ts';
import { create, follow } from './scan-rows.ts';

/** Lists one folder and takes up what it shows; what needs to know other folders first is left for later. */
export async function scanFolder(scan: Scan, place: Place): Promise<void> {
  const { context, unsynced } = scan;
  const { index, fs } = context;
  const read = index.read;
  const outcome = await fs.listFolder(place.path);
  if (!outcome.ok) {
    const { reason } = outcome.error;
    if (reason === 'root-gone') throw outcome.error;
    // A folder that just went, or became a file, is found so in its parent; anything else is unknown.
    if (reason === 'vanished' || reason === 'wrong-kind') return askParent(scan, place);
    context.ignore.unlisted(place.path);
    if (reason === 'changed') addDirty(scan.unsettled, place.path, 'all');
    else unsynced.set(place.path, { what: 'unreadable', error: outcome.error });
    return;
  }
  // Another folder has this path by now: what is in it says nothing about this node.
  if (place.identity !== null && !isSameIdentity(place.identity, outcome.listing.folder)) return askParent(scan, place);
  const rules = await context.ignore.update(fs, place.path, outcome.listing);
  const { error, isUsable } = rules;
  if (error !== null) unsynced.set(joinName(place.path, rulesFileName), { what: 'rules', error, isUsable });
  if (rules.isChanged) scan.areRulesChanged = true;
  if (!isUsable) return;
  scan.listed.add(place.path);
  scan.listedNodes.add(place.id);
  const diff = diffPlace(scan, place, outcome.listing, read.localRowsOf(place.id));
  const husks = new Set(read.husksOf(place.id));
  for (const row of diff.vanished) scan.vanished.set(row.id, row);
  for (const { row, entry } of diff.same) {
    follow(scan, row, place, entry);
    if (entry.kind !== 'folder') continue;
    const found = placeOf(row.id, place, entry);
    scan.inPlace.add(row.id);
    if (scan.isWanted(found.path) && scan.looks.get(row.id)?.path !== found.path) scan.queue.push(found);
  }
  for (const pairing of diff.replaced) {
    if (pairing.entry.kind === 'folder') scan.replacedFolders.push({ parent: place, pairing });
    else scan.replacedFiles.push({ parent: place, pairing });
  }
  const appearFile = fileAppears(scan, place, diff);
  for (const entry of diff.appeared) {
    const found = { parent: place, entry };
    if (entry.kind === 'file') appearFile(entry);
    else if (!husks.has(entry.name)) await appearFolder(scan, found);
    else {
      const path = joinName(place.path, entry.name);
      const left = await leftInHusk(scan, path, entry.name, husks);
      if (left === 'nothing') scan.bareHusks.push({ parent: place.id, name: entry.name, path });
      if (left !== 'news') continue;
      const id = await appearFolder(scan, found);
      index.transaction((write) => moveHusks(read, write, place.id, entry.name, id));
    }
  }
  if (husks.size > 0) forgetGoneHusks(scan, place, outcome.listing, husks);
}

/** What a listing says of these rows, which are all that the index has of the names that were listed. */
export function diffPlace(scan: Scan, place: Place, listing: Listing, known: readonly LocalRow[]): FolderDiff {
  const { index, traits } = scan.context;
  const isUnknowable = amongNames(
    listing.problems.flatMap(({ name }) => name ?? []),
    traits.nameRules,
  );
  const entries = syncable(scan, place.path, listing);
  // What is there under a row's name was judged already.
  const kinds = new Map(entries.map(({ name, kind }) => [name, kind]));
  const isIgnored = (row: LocalRow): boolean => kinds.get(row.name) !== row.kind && isIgnoredRow(scan, place, row);
  const rows = known.filter((row) => !scan.relocated.has(row.id) && !isUnknowable(row.name) && !isIgnored(row));
  return returnedFiles(diffFolder(rows, entries, traits.nameRules), (row, name) => {
    const synced = index.read.synced(row.id);
    return synced !== null && synced.parent === place.id && isSameName(synced.localName, name);
  });
}

/** Whether the disk takes a name for one of these, which may be few of very many. */
function amongNames(names: readonly string[], rules: LocalNameRules): (name: string) => boolean {
  if (names.length === 0) return () => false;
  const keys = new Set(names.map((name) => localKey(name, rules)));
  return (name) => keys.has(localKey(name, rules));
}

/** The folder is not where it was: where it went, and what is there now, is for the folder above to say. */
function askParent({ context, listed, queue, unsettled }: Scan, { path }: Place): void {
  const above = parentPath(path);
  if (listed.has(above)) addDirty(unsettled, above, 'all');
  else if (!queue.some((place) => place.path === above)) queue.push(startPlace(context, above));
}

/** What of the listing can be synced; the rest is noted. */
function syncable({ context, unsynced }: Scan, folder: RelativePath, listing: Listing): Entry[] {
  for (const problem of listing.problems) {
    const path = folder === '' ? problem.display : `${folder}/${problem.display}`;
    if (problem.error !== null) unsynced.set(path, { what: 'unreadable', error: problem.error });
    else unsynced.set(path, { what: 'name', fault: problem.fault ?? 'unicode' });
  }
  return listing.entries.filter((entry) => {
    const path = joinName(folder, entry.name);
    if (context.ignore.isIgnored(path, entry.kind === 'folder')) return false;
    if (entry.kind === 'file' || entry.kind === 'folder') return true;
    unsynced.set(path, { what: entry.kind === 'symlink' ? 'link' : 'special' });
    return false;
  });
}

/** Ignoring never deletes: what was synced before stays in the index as it was. */
const isIgnoredRow = ({ context }: Scan, place: Place, row: LocalRow): boolean =>
  context.ignore.isIgnored(joinName(place.path, row.name), row.kind === 'folder');

const none: ReadonlySet<number> = new Set();

/** Takes up each file that appeared in `parent`. */
export function fileAppears(scan: Scan, parent: Place, { appeared }: FolderDiff): (entry: Entry) => void {
  const { read } = scan.context.index;
  const files = appeared.filter(({ kind }) => kind === 'file');
  // Those that the index has; to ask for each file takes as long as all else that a scan does with it.
  const inodes = files.length === 0 ? none : read.knownInodes(files.map(({ ino }) => ino));
  return (entry) => {
    const { dev, ino } = entry;
    const isFamiliar = inodes.has(ino) && read.localByIdentity(dev, ino).some((row) => row.kind === 'file');
    if (isFamiliar) scan.familiar.push({ parent, entry });
    else create(scan, { parent, entry });
  };
}

function forgetGoneHusks({ context }: Scan, place: Place, listing: Listing, husks: ReadonlySet<string>): void {
  const there = new Set([...listing.entries, ...listing.problems].map(({ name }) => name));
  const gone = [...husks].filter((husk) => !husk.includes('/') && !there.has(husk));
  if (gone.length === 0) return;
  const { index } = context;
  index.transaction((write) => {
    for (const husk of gone) forgetHusk(index.read, write, place.id, husk);
  });
}

/** What a husk holds by now. `news`: something that is to be synced. `nothing`: husks at most, with as little in them. */
async function leftInHusk(
  scan: Scan,
  path: RelativePath,
  husk: string,
  husks: ReadonlySet<string>,
): Promise<'news' | 'ignored' | 'nothing'> {
  const { fs, ignore } = scan.context;
  const outcome = await fs.listFolder(path);
  if (!outcome.ok) return 'ignored';
  const { entries, problems } = outcome.listing;
  const rules = await ignore.update(fs, path, outcome.listing);
  if (!rules.isUsable) return 'ignored';
  const found = syncable(scan, path, outcome.listing);
  let left: 'ignored' | 'nothing' = found.length < entries.length || problems.length > 0 ? 'ignored' : 'nothing';
  for (const { kind, name } of found) {
    const inner = `${husk}/${name}`;
    // Its own rules stayed with it.
    if (kind === 'file' && name === rulesFileName) left = 'ignored';
    else if (kind !== 'folder' || !husks.has(inner)) return 'news';
    else {
      const below = await leftInHusk(scan, joinName(path, name), inner, husks);
      if (below === 'news') return 'news';
      if (below === 'ignored') left = 'ignored';
    }
  }
  return left;
}
