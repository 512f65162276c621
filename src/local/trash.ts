import { aheadFromMs } from '../common/clock.ts';
import { diskError, diskReason } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import { HoldfastError } from '../common/errors.ts';
import { joinName, lastName, parentPath, pathNames, type RelativePath, rootPath } from '../common/relative-path.ts';
import { parseTrashedBatch, type TrashedBatch, trashedBatch } from '../common/trashed-batch.ts';
import type { Fingerprint, Stat } from '../model/stat.ts';
import { setMode } from './file-mode.ts';
import type { ListedTrash, Trash, TrashItem } from './file-system.ts';
import { type Anchor, entryOf, type LocalRoot } from './local-root.ts';
import { lookAt, type NodeStat } from './node-stat.ts';
import { ensureFolder, namesIn, ownName, removeTree, statIn, trashFolder } from './own-folder.ts';
import { bringFrom, isLinkRefused, lookForExpected, takeTo } from './rename-safely.ts';
import { syncFolderNow, syncNow } from './sync-disk.ts';
import type { TimeSlice } from './time-slice.ts';
import { timeText } from './time-text.ts';

const folderOf = (of: TrashedBatch): readonly string[] => [...trashFolder, trashedBatch(of)];

interface TrashPlace {
  readonly copy: number;
  readonly folder: readonly string[];
  readonly name: string;
}

/** A place in the batch that nothing has yet. */
function freePlace(root: LocalRoot, path: RelativePath, batch: string): TrashPlace {
  if (!ownName.test(batch)) throw new HoldfastError('bug', 'a batch is named by letters, digits, - and _');
  const name = lastName(path);
  for (let copy = 1; ; copy++) {
    const folder = [...folderOf({ batch, copy }), ...pathNames(parentPath(path))];
    try {
      ensureFolder(root, folder);
      if (statIn(root, folder, name) === null) return { copy, folder, name };
    } catch (error) {
      // A file of this batch has the name of a folder that is needed now: another copy of the tree has room.
      if (diskReason(error) !== 'wrong-kind' || copy > 1000) throw error;
    }
  }
}

/** The entries of a folder, of its parent, and so on: each may have been made just now. */
function syncUp(root: LocalRoot, folder: readonly string[]): void {
  for (let depth = folder.length; depth >= 0; depth--) {
    root.inFolder(folder.slice(0, depth), (anchor) => syncFolderNow(root.disk, `${anchor.folder}/.`));
  }
}

const itemAt = (place: TrashPlace, path: RelativePath, batch: string, stat: Stat): TrashItem => ({
  batch,
  path,
  copy: place.copy,
  size: stat.size,
  mtimeUs: stat.mtimeUs,
});

/**
 * Keeps the content that is at `source` in the trash while it also stays where it is: by a second name, so that a
 * program that has it open and goes on writing writes to the kept one; or by a copy where there are no hard links.
 */
export function keepInTrash(
  root: LocalRoot,
  source: { readonly anchor: Anchor; readonly path: RelativePath },
  expected: NodeStat,
  batch: string,
): { readonly item: TrashItem; drop(): void } {
  const { disk } = root;
  const place = freePlace(root, source.path, batch);
  const from = source.anchor.at(lastName(source.path));
  const drop = (): void => root.inFolder(place.folder, (anchor) => disk.unlinkSync(anchor.at(place.name)));
  root.inFolder(place.folder, (anchor) => {
    const to = anchor.at(place.name);
    try {
      disk.linkSync(from, to);
    } catch (error) {
      if (!isLinkRefused(error)) throw error;
      try {
        disk.copyNewSync(from, to);
        // Where the copy is read-only as well, as on Windows, nobody gets a handle that can be synced.
        setMode(disk, to, expected, (expected.mode & 0o777) | 0o200);
        disk.utimesSync(to, timeText(expected.mtimeUs), timeText(expected.mtimeUs));
        // The only one left once the source is replaced: on the medium before that.
        syncNow(disk, to);
        syncUp(root, place.folder);
      } catch (copyError) {
        // What is in the way was there before: it is none of this copy.
        if (errnoOf(copyError) !== 'EEXIST' && lookAt(disk, to, root.hasStableIds) !== null) disk.unlinkSync(to);
        throw copyError;
      }
    }
  });
  return { item: itemAt(place, source.path, batch, expected), drop };
}

/**
 * Whether anything there was put there, or made, since. Of a file the ctime says so, as no program can set it back, while the mtime
 * is that of its content; of a folder the mtime as well, where a disk keeps no ctime. A batch may grow for long: all of it counts.
 */
function hasNewer(root: LocalRoot, folder: readonly string[], name: string, isNewer: (us: number) => boolean): boolean {
  const stat = statIn(root, folder, name);
  if (stat === null) return false;
  if (isNewer(stat.ctimeUs)) return true;
  if (stat.kind !== 'folder') return false;
  const inside = [...folder, name];
  return isNewer(stat.mtimeUs) || namesIn(root, inside).some((child) => hasNewer(root, inside, child, isNewer));
}

export function makeTrash(root: LocalRoot, slice: TimeSlice, now: () => number): Trash {
  const { disk } = root;

  function trashFile(path: RelativePath, expected: Fingerprint, batch: string): TrashItem {
    const { folder: parent, name } = entryOf(path);
    return root.inFolder(parent, (source) => {
      const before = lookForExpected(disk, source.at(name), expected, root.hasStableIds);
      if (before.kind !== 'file') throw diskError('wrong-kind');
      const place = freePlace(root, path, batch);
      return root.inFolder(place.folder, (target) => {
        takeTo(root, { anchor: source, name }, { anchor: target, name: place.name }, before);
        return itemAt(place, path, batch, before);
      });
    });
  }

  async function listTrash(): Promise<readonly ListedTrash[]> {
    const items: ListedTrash[] = [];
    for (const folder of namesIn(root, trashFolder)) {
      const of = parseTrashedBatch(folder);
      if (of === null) continue;
      const found: [RelativePath, Stat][] = [];
      const open: RelativePath[] = [rootPath];
      for (let path = open.pop(); path !== undefined; path = open.pop()) {
        const names = [...trashFolder, folder, ...pathNames(path)];
        for (const name of namesIn(root, names)) {
          const stat = statIn(root, names, name);
          if (stat?.kind === 'folder') open.push(joinName(path, name));
          else if (stat?.kind === 'file') found.push([joinName(path, name), stat]);
          if (slice.isSpent()) await slice.rest();
        }
      }
      for (const [path, { size, mtimeUs, ctimeUs }] of found) {
        items.push({ ...of, path, size, mtimeUs, keptUs: ctimeUs });
      }
    }
    return items;
  }

  const placeOf = (item: TrashItem): { folder: readonly string[]; name: string } => {
    if (!ownName.test(item.batch)) throw diskError('bad-name');
    const { folder, name } = entryOf(item.path);
    return { folder: [...folderOf(item), ...folder], name };
  };

  function restoreTrashed(item: TrashItem, to: RelativePath): Stat {
    const entry = entryOf(to);
    const { folder, name } = placeOf(item);
    return root.inFolder(folder, (source) => {
      const stat = lookAt(disk, source.at(name), root.hasStableIds);
      if (stat === null) throw diskError('vanished');
      return root.inFolder(entry.folder, (target) =>
        bringFrom(root, { anchor: source, name }, { anchor: target, name: entry.name }, stat),
      );
    });
  }

  function isTrashedChanged(item: TrashItem): boolean {
    const { folder, name } = placeOf(item);
    const stat = statIn(root, folder, name);
    if (stat === null) throw diskError('vanished');
    return stat.size !== item.size || stat.mtimeUs !== item.mtimeUs;
  }

  function dropTrashed(item: TrashItem): void {
    const { folder, name } = placeOf(item);
    root.inFolder(folder, (anchor) => disk.unlinkSync(anchor.at(name)));
    for (let names = folder; names.length > trashFolder.length; names = names.slice(0, -1)) {
      if (namesIn(root, names).length > 0) return;
      root.inFolder(names.slice(0, -1), (anchor) => disk.rmdirSync(anchor.at(names.at(-1) ?? '')));
    }
  }

  async function expireTrash(beforeMs: number, mayGo: (batch: string) => boolean = () => true): Promise<number> {
    const isNewer = (us: number): boolean => us >= beforeMs * 1000 && us <= (now() + aheadFromMs) * 1000;
    let count = 0;
    for (const folder of namesIn(root, trashFolder)) {
      if (!mayGo(folder) || hasNewer(root, trashFolder, folder, isNewer)) continue;
      count += removeTree(root, trashFolder, folder);
      if (slice.isSpent()) await slice.rest();
    }
    return count;
  }

  return {
    trashFile: async (path, expected, batch) => trashFile(path, expected, batch),
    listTrash,
    restoreTrashed: async (item, to) => restoreTrashed(item, to),
    isTrashedChanged: async (item) => isTrashedChanged(item),
    dropTrashed: async (item) => dropTrashed(item),
    trashBatches: async () => namesIn(root, trashFolder),
    expireTrash,
  };
}
