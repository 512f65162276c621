import type { HoldfastError } from '../common/errors.ts';
import { type NodeId, newId, type RevisionId, rootNode } from '../common/ids.ts';
import { joinName, lastName, parentPath, type RelativePath, rootPath } from '../common/relative-path.ts';
import type { LocalRow } from '../db/index-port.ts';
import type { Listing } from '../local/file-system.ts';
import { type Entry, isSameState } from '../model/stat.ts';
import { isSameName } from '../plan/diverged.ts';
import type { LocalContext } from './context.ts';
import { diffFolder, type Identity, isSameIdentity, isSameThing, type Pairing } from './folder-diff.ts';
import { forgetHusk, moveHusks } from './husks.ts';
import { localChanges } from './local-changes.ts';
import { idOf, localNodeAt, localPath } from './local-path.ts';
import { rulesFile } from './never-synced.ts';
import { tick } from './quiet-time.ts';
import { returnedFiles } from './returned-files.ts';
import { isBackupName } from './save-names.ts';

/** What a scan could not take up, by path on disk. */
export type Unsynced =
  | { readonly what: 'unreadable'; readonly error: HoldfastError }
  | { readonly what: 'link' | 'special' }
  | { readonly what: 'name'; readonly fault: string }
  /** The folder's ignore rules cannot be read: the last good ones apply, or nothing of it is taken up. */
  | { readonly what: 'rules'; readonly error: HoldfastError };

export interface ScanReport {
  /** Folders listed. */
  readonly folders: number;
  /** Rows of the index that changed. */
  readonly changes: number;
  readonly unsynced: ReadonlyMap<string, Unsynced>;
  /** Folders with files that changed so shortly before that a further change could hide: list them again soon. */
  readonly unsettled: ReadonlySet<RelativePath>;
  readonly listed: ReadonlySet<RelativePath>;
  /** Ignore rules changed: folders that were not listed have to be judged anew. */
  readonly areRulesChanged: boolean;
}

export interface ScanOptions {
  /** `all`, or the folders to list again; what is new or moved below them is listed too. */
  readonly scope: 'all' | ReadonlySet<RelativePath>;
  /** Whether a file whose size is as before still holds its row's revision. Reads it. */
  readonly isContentSame: (row: LocalRow, path: RelativePath) => Promise<boolean>;
  readonly signal?: AbortSignal;
}

/** Times that are later than now by more than these milliseconds are no matter of ticks. */
const aheadFrom = 2000;
/** Files up to this size are read again when only their times changed, so that a touch is no edit. */
const maxRecheckBytes = 64 * 1024 * 1024;

interface Place {
  readonly id: NodeId;
  readonly path: RelativePath;
  /** The folder that is to be listed there. Null: the root, which is checked elsewhere, and nothing else. */
  readonly identity: Identity | null;
}

interface Found {
  readonly parent: Place;
  readonly entry: Entry;
}

/**
 * Brings the local tree of the index in line with the disk. Decides identity: a file or folder that appears with the
 * identity of one that is no longer at its place has moved; one that was replaced at its place keeps its node, as
 * editors do when they save, unless its former self lives on elsewhere.
 *
 * A folder that cannot be listed is unknown: nothing below it is taken for deleted.
 */
export async function observeLocal(context: LocalContext, options: ScanOptions): Promise<ScanReport> {
  const { index, fs, traits, random, clock } = context;
  const read = index.read;
  const changes = localChanges(index);
  const unsynced = new Map<string, Unsynced>();
  const unsettled = new Set<RelativePath>();
  const listed = new Set<RelativePath>();
  let areRulesChanged = false;
  const isWanted = wantedPaths(options.scope);

  const queue: Place[] = [];
  /** Rows that are not at their place any more, until they are found elsewhere. */
  const vanished = new Map<NodeId, LocalRow>();
  const relocated = new Set<NodeId>();
  const listedNodes = new Set<NodeId>();
  /** Folders that were found where they were, by looking at the folder above. */
  const inPlace = new Set<NodeId>();
  /** Folders whose node another folder has taken over with their name. */
  const passedOn = new Set<NodeId>();
  const replacedFolders: { parent: Place; pairing: Pairing }[] = [];
  const replacedFiles: { parent: Place; pairing: Pairing }[] = [];
  /** Files whose identity the index knows from another place. */
  const familiar: Found[] = [];
  const doubtful: { row: LocalRow; place: RelativePath; entry: Entry }[] = [];

  // On volumes with coarse times all writes of one step look the same.
  const racyFrom = (clock.now() - tick) * 1000 - (traits.mtimeStepUs > 1 ? traits.mtimeStepUs : 0);
  /** The clock was set back since, or it is another computer's: for as long as that lasts the time tells writes apart. */
  const isAhead = (entry: Entry): boolean => entry.ctimeUs > (clock.now() + aheadFrom) * 1000;

  const rowOf = (
    id: NodeId,
    parent: Place,
    entry: Entry,
    content: Pick<LocalRow, 'revision' | 'exec' | 'differsFrom'>,
  ) => {
    const isRacy = entry.kind === 'file' && entry.ctimeUs >= racyFrom && !isAhead(entry);
    if (isRacy) unsettled.add(parent.path);
    return {
      id,
      parent: parent.id,
      name: entry.name,
      kind: entry.kind as 'file' | 'folder',
      size: entry.size,
      mtimeUs: entry.mtimeUs,
      // A time that never matches makes the next scan look at the content.
      ctimeUs: isRacy ? 0 : entry.ctimeUs,
      birthUs: entry.birthUs,
      dev: entry.dev,
      ino: entry.ino,
      revision: content.revision,
      exec: content.exec,
      differsFrom: content.differsFrom,
    };
  };
  const freshContent = (entry: Entry, previous: LocalRow | null) => ({
    revision: entry.kind === 'file' ? newId<RevisionId>(random) : null,
    exec: traits.hasExecBit ? entry.exec : (previous?.exec ?? false),
    differsFrom: null,
  });

  const create = ({ parent, entry }: Found): NodeId => {
    const id = newId<NodeId>(random);
    changes.put(rowOf(id, parent, entry, freshContent(entry, null)));
    if (entry.kind === 'folder') queue.push(placeOf(id, parent, entry));
    return id;
  };

  /** The row's thing is now `entry` in `parent`: record place, times and, if need be, a new content. */
  const follow = (row: LocalRow, parent: Place, entry: Entry): void => {
    const isMoved = row.parent !== parent.id || row.name !== entry.name;
    if (entry.kind === 'folder') {
      if (isMoved || !isSameState(row, entry) || row.birthUs !== entry.birthUs) {
        changes.put(rowOf(row.id, parent, entry, { revision: null, exec: false, differsFrom: null }));
      }
      return;
    }
    const isExecSame = !traits.hasExecBit || row.exec === entry.exec;
    const isTimeSame = row.size === entry.size && row.mtimeUs === entry.mtimeUs && isSameIdentity(row, entry);
    // A rename moves the ctime by itself; without one, a new ctime may hide a write whose mtime was set back.
    if (isTimeSame && isExecSame && (isMoved || row.ctimeUs === entry.ctimeUs)) {
      if (isMoved || row.ctimeUs !== entry.ctimeUs) changes.put(rowOf(row.id, parent, entry, row));
      return;
    }
    if (row.size === entry.size && entry.size <= maxRecheckBytes) {
      doubtful.push({ row, place: joinName(parent.path, entry.name), entry });
      // Where it is is known already; its old times keep the content in doubt until it was read.
      if (isMoved) changes.put({ ...row, parent: parent.id, name: entry.name });
      return;
    }
    changes.put(rowOf(row.id, parent, entry, freshContent(entry, row)));
  };

  const relocate = (row: LocalRow, { parent, entry }: Found): void => {
    relocated.add(row.id);
    vanished.delete(row.id);
    follow(row, parent, entry);
    if (entry.kind === 'folder') queue.push(placeOf(row.id, parent, entry));
  };

  const folderRowLike = (entry: Entry): LocalRow | undefined =>
    read
      .localByIdentity(entry.dev, entry.ino)
      .find((row) => row.kind === 'folder' && isSameThing(row, entry) && !relocated.has(row.id));

  const appearFolder = (found: Found): NodeId => {
    // A folder cannot be in two places, so one that is known has moved here.
    const row = folderRowLike(found.entry);
    // What took its name has its node by now, and this one may even be inside of that.
    if (row === undefined || inPlace.has(row.id) || passedOn.has(row.id)) return create(found);
    relocate(row, found);
    return row.id;
  };

  const appear = (found: Found): void => {
    const { entry, parent } = found;
    if (entry.kind === 'folder') {
      appearFolder(found);
      return;
    }
    const isFamiliar = read.localByIdentity(entry.dev, entry.ino).some((row) => row.kind === 'file');
    if (isFamiliar) familiar.push({ parent, entry });
    else create(found);
  };

  const syncable = (folder: RelativePath, listing: Listing): Entry[] => {
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
  };

  /** Ignoring never deletes: what was synced before stays in the index as it was. */
  const isIgnoredRow = (place: Place, row: LocalRow): boolean =>
    context.ignore.isIgnored(joinName(place.path, row.name), row.kind === 'folder');

  /** The folder is not where it was: where it went, and what is there now, is for the folder above to say. */
  const askParent = ({ path }: Place): void => {
    const above = parentPath(path);
    if (listed.has(above)) unsettled.add(above);
    else if (!queue.some((place) => place.path === above)) queue.push(...startPlaces(context, new Set([above])));
  };

  const list = async (place: Place): Promise<void> => {
    const outcome = await fs.listFolder(place.path);
    if (!outcome.ok) {
      const { reason } = outcome.error;
      if (reason === 'root-gone') throw outcome.error;
      // A folder that just went, or became a file, is found so in its parent; anything else is unknown.
      if (reason === 'vanished' || reason === 'wrong-kind') return askParent(place);
      if (reason === 'changed') unsettled.add(place.path);
      else unsynced.set(place.path, { what: 'unreadable', error: outcome.error });
      return;
    }
    // Another folder has this path by now: what is in it says nothing about this node.
    if (place.identity !== null && !isSameIdentity(place.identity, outcome.listing.folder)) return askParent(place);
    const rules = await context.ignore.update(fs, place.path, outcome.listing);
    if (rules.error !== null) unsynced.set(joinName(place.path, rulesFile), { what: 'rules', error: rules.error });
    if (rules.isChanged) areRulesChanged = true;
    if (!rules.isUsable) return;
    listed.add(place.path);
    listedNodes.add(place.id);
    const unknowable = new Set(outcome.listing.problems.map((problem) => problem.name));
    const entries = syncable(place.path, outcome.listing);
    const rows = read
      .localRowsOf(place.id)
      .filter((row) => !relocated.has(row.id) && !unknowable.has(row.name) && !isIgnoredRow(place, row));
    const husks = new Set(read.husksOf(place.id));
    const diff = returnedFiles(diffFolder(rows, entries, traits.nameRules), (row, name) => {
      const synced = read.synced(row.id);
      return synced !== null && synced.parent === place.id && isSameName(synced.localName, name);
    });
    for (const row of diff.vanished) vanished.set(row.id, row);
    for (const { row, entry } of diff.same) {
      follow(row, place, entry);
      if (entry.kind !== 'folder') continue;
      const found = placeOf(row.id, place, entry);
      inPlace.add(row.id);
      if (isWanted(found.path)) queue.push(found);
    }
    for (const pairing of diff.replaced) {
      if (pairing.entry.kind === 'folder') replacedFolders.push({ parent: place, pairing });
      else replacedFiles.push({ parent: place, pairing });
    }
    for (const entry of diff.appeared) {
      const found = { parent: place, entry };
      if (entry.kind !== 'folder' || !husks.has(entry.name)) appear(found);
      else if (await hasNews(joinName(place.path, entry.name), entry.name, husks)) {
        const id = appearFolder(found);
        index.transaction((write) => moveHusks(read, write, place.id, entry.name, id));
      }
    }
    if (husks.size > 0) forgetGoneHusks(place, outcome.listing, husks);
  };

  const forgetGoneHusks = (place: Place, { entries, problems }: Listing, husks: ReadonlySet<string>): void => {
    const there = new Set([...entries, ...problems].map(({ name }) => name));
    const gone = [...husks].filter((husk) => !husk.includes('/') && !there.has(husk));
    if (gone.length === 0) return;
    index.transaction((write) => {
      for (const husk of gone) forgetHusk(read, write, place.id, husk);
    });
  };

  /** Whether a husk holds anything by now that is to be synced. Its own rules stayed with it. */
  const hasNews = async (path: RelativePath, husk: string, husks: ReadonlySet<string>): Promise<boolean> => {
    const outcome = await fs.listFolder(path);
    if (!outcome.ok) return false;
    const rules = await context.ignore.update(fs, path, outcome.listing);
    if (!rules.isUsable) return false;
    for (const { kind, name } of syncable(path, outcome.listing)) {
      const inner = `${husk}/${name}`;
      if (kind === 'file' && name === rulesFile) continue;
      if (kind !== 'folder' || !husks.has(inner) || (await hasNews(joinName(path, name), inner, husks))) return true;
    }
    return false;
  };

  const drain = async (): Promise<void> => {
    for (;;) {
      for (let place = queue.pop(); place !== undefined; place = queue.pop()) {
        options.signal?.throwIfAborted();
        if (!listedNodes.has(place.id)) await list(place);
      }
      const next = replacedFolders.shift();
      if (next === undefined) return;
      const { parent, pairing } = next;
      const { row, entry } = pairing;
      const source = folderRowLike(entry);
      const found = { parent, entry };
      if (source !== undefined && source.id !== row.id && !inPlace.has(source.id) && !passedOn.has(source.id)) {
        // Another known folder took this name; the one that had it is elsewhere or gone.
        if (!relocated.has(row.id)) vanished.set(row.id, row);
        relocate(source, found);
      } else if (relocated.has(row.id)) create(found);
      else if (await isElsewhere(row, joinName(parent.path, entry.name))) {
        vanished.set(row.id, row);
        create(found);
      } else {
        passedOn.add(row.id);
        follow(row, parent, entry);
        queue.push(placeOf(row.id, parent, entry));
      }
    }
  };

  /**
   * Whether a folder that is still to be looked at has the row's identity, or one right inside of the folder that took its
   * name (a folder wrapped in another one of its name): then the row moves when its turn comes.
   */
  const isElsewhere = async (row: LocalRow, path: RelativePath): Promise<boolean> => {
    if (replacedFolders.some(({ pairing }) => pairing.row.id !== row.id && isSameThing(row, pairing.entry)))
      return true;
    const outcome = await fs.listFolder(path);
    return outcome.ok && outcome.listing.entries.some((entry) => entry.kind === 'folder' && isSameThing(row, entry));
  };

  /** Whether the row's thing is no longer where the row says. */
  const isVacated = async (row: LocalRow): Promise<boolean> => {
    if (vanished.has(row.id)) return true;
    if (relocated.has(row.id)) return false;
    if (replacedFiles.some(({ pairing }) => pairing.row.id === row.id)) return true;
    if (listedNodes.has(row.parent)) return false;
    for (let at = row.parent; at !== rootNode; ) {
      if (vanished.has(at)) return true;
      const parent = read.localRow(at);
      if (parent === null) return true;
      at = parent.parent;
    }
    const path = localPath(read, row.id);
    if (path === null) return true;
    const stat = await fs.stat(path).catch(() => undefined);
    if (stat === undefined) return false;
    return stat === null || !(stat.ino === row.ino && stat.dev === row.dev);
  };

  /**
   * A second name of a known file, at the very place that the vault gives it: a move here was cut between its two halves.
   * It is no other file; the move is still to be done.
   */
  const isHalfMoved = ({ parent, entry }: Found): boolean =>
    entry.ino !== 0 &&
    entry.linkCount > 1 &&
    read.localByIdentity(entry.dev, entry.ino).some((row) => {
      if (row.kind !== 'file' || !isSameIdentity(row, entry) || relocated.has(row.id)) return false;
      const wanted = read.remote(row.id);
      return wanted !== null && wanted.parent === parent.id && isSameName(wanted.name, entry.name);
    });

  const resolveFiles = async (): Promise<void> => {
    changes.flush();
    const sightings: (Found & { readonly row: LocalRow | null })[] = [
      ...replacedFiles.map(({ parent, pairing }) => ({ parent, entry: pairing.entry, row: pairing.row })),
      ...familiar.map((found) => ({ ...found, row: null })),
    ];
    const sightingsOf = new Map<number, (typeof sightings)[number][]>();
    for (const sighting of sightings) {
      const known = sightingsOf.get(sighting.entry.ino);
      if (known === undefined) sightingsOf.set(sighting.entry.ino, [sighting]);
      else known.push(sighting);
    }
    // A program that saves by way of a backup means the new file by the name, whichever of the two is the old inode.
    const isBackup = (row: LocalRow, { parent, entry }: Found): boolean =>
      parent.id === row.parent && isBackupName(entry.name, row.name);
    const livesElsewhere = (row: LocalRow): boolean =>
      (sightingsOf.get(row.ino) ?? []).some(
        (seen) => seen.row?.id !== row.id && isSameThing(row, seen.entry) && !isBackup(row, seen),
      );
    // First those that were only overwritten keep their node, so that nobody else claims it.
    const open: typeof sightings = [];
    const overwritten = new Set<NodeId>();
    for (const sighting of sightings) {
      if (sighting.row !== null && !livesElsewhere(sighting.row)) overwritten.add(sighting.row.id);
    }
    for (const sighting of sightings) {
      if (sighting.row !== null && overwritten.has(sighting.row.id))
        follow(sighting.row, sighting.parent, sighting.entry);
      else open.push(sighting);
    }
    for (const sighting of open) {
      let mover: LocalRow | undefined;
      for (const row of read.localByIdentity(sighting.entry.dev, sighting.entry.ino)) {
        const isCandidate =
          row.kind === 'file' && isSameThing(row, sighting.entry) && !relocated.has(row.id) && !overwritten.has(row.id);
        if (isCandidate && hasSameBirthOrContent(row, sighting.entry) && (await isVacated(row))) {
          mover = row;
          break;
        }
      }
      if (mover !== undefined) relocate(mover, sighting);
      else if (!isHalfMoved(sighting)) create(sighting);
    }
    for (const { pairing } of replacedFiles) {
      const { row } = pairing;
      if (!relocated.has(row.id) && !overwritten.has(row.id)) vanished.set(row.id, row);
    }
  };

  const settleDoubts = async (): Promise<void> => {
    for (const { row, place, entry } of doubtful) {
      options.signal?.throwIfAborted();
      const now = read.localRow(row.id);
      if (now === null) continue;
      const parent = { id: now.parent, path: parentPath(place), identity: null };
      const isSame = (!traits.hasExecBit || row.exec === entry.exec) && (await options.isContentSame(row, place));
      changes.put(rowOf(row.id, parent, entry, isSame ? row : freshContent(entry, row)));
    }
  };

  for (const place of startPlaces(context, options.scope)) queue.push(place);
  await drain();
  await resolveFiles();
  await drain();
  changes.flush();
  for (const row of vanished.values()) if (!relocated.has(row.id)) changes.removeSubtree(row);
  await settleDoubts();
  changes.flush();
  return { folders: listed.size, changes: changes.count, unsynced, unsettled, listed, areRulesChanged };
}

const placeOf = (id: NodeId, parent: Place, entry: Entry): Place => ({
  id,
  path: joinName(parent.path, entry.name),
  identity: entry,
});

/** Without birth times an inode that was used again looks the same: then size and time have to agree too. */
const hasSameBirthOrContent = (row: LocalRow, entry: Entry): boolean =>
  (row.birthUs !== 0 && entry.birthUs !== 0) || (row.size === entry.size && row.mtimeUs === entry.mtimeUs);

/** Whether a folder at that path is to be listed: it is hinted at, or one below it, by the path that it has now. */
function wantedPaths(scope: ScanOptions['scope']): (path: RelativePath) => boolean {
  if (scope === 'all') return () => true;
  const wanted = new Set<RelativePath>();
  for (const folder of scope) {
    for (let path = folder; !wanted.has(path); path = parentPath(path)) wanted.add(path);
  }
  return (path) => wanted.has(path);
}

/** The known folders to begin with; for one that is not known yet, the nearest known one above it. */
function startPlaces(context: LocalContext, scope: ScanOptions['scope']): Place[] {
  if (scope === 'all') return [{ id: rootNode, path: rootPath, identity: null }];
  const places = new Map<RelativePath, Place>();
  for (const folder of scope) {
    for (let path = folder; ; path = parentPath(path)) {
      const node = localNodeAt(context.index.read, path);
      if (node === 'root' || node?.kind === 'folder') {
        const identity = node === 'root' ? null : context.index.read.localRow(node.id);
        places.set(path, { id: idOf(node), path, identity });
        break;
      }
    }
  }
  return [...places.values()].sort(
    (a, b) => a.path.length - b.path.length || (lastName(a.path) < lastName(b.path) ? -1 : 1),
  );
}
