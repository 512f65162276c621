import { type DiskReason, diskError, diskReason } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import {
  childPath,
  joinName,
  lastName,
  parentPath,
  parsePath,
  pathNames,
  type RelativePath,
} from '../common/relative-path.ts';
import type { Fingerprint, Stat } from '../model/stat.ts';
import { entryOf, type LocalRoot } from './local-root.ts';
import { isSameContent, lookAt } from './node-stat.ts';
import { ensureFolder, namesIn, ownName, parkedFolder, removeTree, stageFolder, statIn } from './own-folder.ts';
import { bringFrom, lookForExpected, takeTo, vouchedStat } from './rename-safely.ts';
import { syncTargets } from './sync-disk.ts';
import { writeSynced } from './write-synced.ts';

/** Nothing can be put into that folder; one above may do. */
const isNoPlace = (reason: DiskReason | null): boolean =>
  reason === 'vanished' || reason === 'wrong-kind' || reason === 'symlink' || reason === 'too-long';

/** What is parked has its places beside it. */
type PlaceName = 'origin' | 'target';

export interface Parking {
  park(path: RelativePath, expected: Fingerprint, key: string): Promise<Stat>;
  unpark(key: string, to: RelativePath): Promise<Stat>;
  /** Parks what is in the stage and has no name but that: where it was is not known. */
  takeIn(name: string): void;
  recoverParked(): Promise<readonly RelativePath[]>;
}

export function makeParking(root: LocalRoot): Parking {
  const { disk } = root;
  const folderOf = (key: string): readonly string[] => {
    if (!ownName.test(key)) throw new HoldfastError('bug', 'what is parked is named by letters, digits, - and _');
    return [...parkedFolder, key];
  };

  const parkedItem = (key: string): Stat | null => {
    try {
      return statIn(root, folderOf(key), 'item');
    } catch (error) {
      if (diskReason(error) === 'vanished') return null;
      throw error;
    }
  };

  const write = (folder: readonly string[], name: PlaceName, path: RelativePath): void =>
    root.inFolder(folder, (anchor) => writeSynced(disk, anchor.at(name), JSON.stringify({ [name]: path })));

  /** Invariant: an `item` always has a durable `origin` beside it, so that a crash can never lose its place. */
  async function park(path: RelativePath, expected: Fingerprint, key: string): Promise<Stat> {
    const { folder: parent, name } = entryOf(path);
    const folder = folderOf(key);
    root.inFolder(parent, (anchor) => lookForExpected(disk, anchor.at(name), expected, root.hasStableIds));
    if (parkedItem(key) !== null) throw diskError('exists');
    ensureFolder(root, folder);
    write(folder, 'origin', path);
    await syncTargets(root, [
      { folder, name: null },
      { folder: parkedFolder, name: null },
    ]);
    return root.inFolder(parent, (source) =>
      root.inFolder(folder, (target) => {
        const before = lookForExpected(disk, source.at(name), expected, root.hasStableIds);
        takeTo(root, { anchor: source, name }, { anchor: target, name: 'item' }, before);
        return vouchedStat(disk, target.at('item'), before, root.hasStableIds);
      }),
    );
  }

  function takeIn(name: string): void {
    if (parkedItem(name) !== null) return;
    ensureFolder(root, folderOf(name));
    root.inFolder(stageFolder, (stage) =>
      root.inFolder(folderOf(name), (place) => disk.renameSync(stage.at(name), place.at('item'))),
    );
  }

  /** Invariant: whenever an `item` has a second name that it got here, a durable `target` beside it says which. */
  async function unpark(key: string, to: RelativePath): Promise<Stat> {
    entryOf(to);
    const folder = folderOf(key);
    if (parkedItem(key)?.kind === 'file' && root.hasStableIds) {
      write(folder, 'target', to);
      await syncTargets(root, [{ folder, name: null }]);
    }
    return bringTo(key, to);
  }

  function bringTo(key: string, to: RelativePath): Stat {
    const entry = entryOf(to);
    const folder = folderOf(key);
    return root.inFolder(folder, (source) => {
      const item = lookAt(disk, source.at('item'), root.hasStableIds);
      if (item === null) throw diskError('vanished');
      const stat = root.inFolder(entry.folder, (target) =>
        bringFrom(root, { anchor: source, name: 'item' }, { anchor: target, name: entry.name }, item),
      );
      removeTree(root, parkedFolder, key);
      return stat;
    });
  }

  /** Null if it is not there, or cannot be read: the item matters, its name less. */
  function readPlace(key: string, name: PlaceName): RelativePath | null {
    try {
      const text = root.inFolder(folderOf(key), (anchor) => disk.readTextSync(anchor.at(name)));
      const value: unknown = JSON.parse(text);
      const path =
        typeof value === 'object' && value !== null ? parsePath((value as Record<string, unknown>)[name]) : null;
      return path === '' ? null : path;
    } catch {
      return null;
    }
  }

  /**
   * Where it was to go, if it has that name already: the power went before it lost the one here. To bring it back as well would
   * leave it beside itself, and an index that the same power cut took back knows nothing of the new name.
   */
  function arrivedAt(key: string): RelativePath | null {
    const item = parkedItem(key);
    if (item?.kind !== 'file' || item.linkCount < 2 || !root.hasStableIds) return null;
    const target = readPlace(key, 'target');
    if (target === null) return null;
    const { folder, name } = entryOf(target);
    try {
      return isSameContent(statIn(root, folder, name), item) ? target : null;
    } catch (error) {
      if (isNoPlace(diskReason(error))) return null;
      throw error;
    }
  }

  /** To the origin; where that name is taken or its folder gone, beside it or in the nearest folder that is left. */
  function bringBack(key: string): RelativePath {
    const arrived = arrivedAt(key);
    if (arrived !== null) {
      bringTo(key, arrived);
      return arrived;
    }
    const short = `recovered-${key}`;
    let target = readPlace(key, 'origin') ?? (short as RelativePath);
    for (let attempt = 1; ; ) {
      const name = attempt === 1 ? lastName(target) : `${lastName(target)} (${attempt})`;
      const at = childPath(parentPath(target), name);
      const path = at.ok ? at.value : (short as RelativePath);
      try {
        bringTo(key, path);
        return path;
      } catch (error) {
        const reason = diskReason(error);
        const parent = parentPath(target);
        if (reason === 'exists' && attempt < 1000) attempt++;
        else if (reason === 'too-long' && lastName(target) !== short) {
          // The number had no room.
          target = joinName(parent, short);
          attempt = 1;
        } else if (parent !== '' && isNoPlace(reason)) {
          const up = childPath(parentPath(parent), lastName(target));
          if (!up.ok) throw error;
          target = up.value;
        } else throw error;
      }
    }
  }

  async function recoverParked(): Promise<readonly RelativePath[]> {
    const recovered: RelativePath[] = [];
    for (const key of namesIn(root, parkedFolder)) {
      if (!ownName.test(key) || statIn(root, parkedFolder, key)?.kind !== 'folder') continue;
      if (parkedItem(key) === null) removeTree(root, parkedFolder, key);
      else recovered.push(bringBack(key));
    }
    const folders = new Set(recovered.map(parentPath));
    await syncTargets(
      root,
      [...folders].map((path) => ({ folder: pathNames(path), name: null })),
    );
    return recovered;
  }

  return { park, unpark, takeIn, recoverParked };
}
