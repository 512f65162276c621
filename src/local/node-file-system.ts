import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { diskError, diskReason } from '../common/disk-error.ts';
import { HoldfastError } from '../common/errors.ts';
import type { Random } from '../common/ids.ts';
import { isWithin, type RelativePath } from '../common/relative-path.ts';
import type { Fingerprint, Stat } from '../model/stat.ts';
import { makeAlignedBlocks } from './aligned-blocks.ts';
import { checkRoot, statRoot } from './check-root.ts';
import { clockAhead } from './clock-ahead.ts';
import { withoutStubs } from './cloud-stubs.ts';
import type { Disk } from './disk.ts';
import { defaultFileMode } from './file-mode.ts';
import type { FileSystem, ListingOutcome, StagedFile } from './file-system.ts';
import { makeHolder } from './holder.ts';
import type { LargestFile } from './largest-file.ts';
import { listFolder } from './list-folder.ts';
import {
  type Anchoring,
  canAnchorByHandle,
  checkedNames,
  entryOf,
  type LocalRoot,
  openLocalRoot,
} from './local-root.ts';
import { mapErrno } from './map-errno.ts';
import { readMarker, removeMarker, writeMarker } from './marker.ts';
import { nodeDisk } from './node-disk.ts';
import { lookAt } from './node-stat.ts';
import { openFile } from './open-file.ts';
import { ensureFolder, namesIn, removeTree, stageFolder, statIn } from './own-folder.ts';
import { makeParking } from './parking.ts';
import { passOwner } from './pass-owner.ts';
import { type NewMode, placeAllStaged } from './place-new.ts';
import { placeStagedFile } from './place-staged.ts';
import { probeVolume } from './probe-volume.ts';
import { readFiles } from './read-files.ts';
import { renameSafely } from './rename-safely.ts';
import { setAttributes } from './set-attributes.ts';
import { stageContents } from './stage-contents.ts';
import { createStagedFile, isResumable, type NodeStagedFile } from './staged-file.ts';
import { type SyncTarget, syncTargets } from './sync-disk.ts';
import { makeTimeSlice, type TimeSlice } from './time-slice.ts';
import { makeTrash } from './trash.ts';

export interface NodeFileSystemOptions {
  /** For tests; by default the safer one that the system has. */
  readonly anchoring?: Anchoring;
  /** By default the real one. */
  readonly disk?: Disk;
  /** For the names of temporary files. */
  readonly random?: Random;
  /** Wall time, milliseconds since 1970 UTC. */
  readonly now?: () => number;
  /** When and how long work gives way. */
  readonly slice?: TimeSlice;
  /** By default on macOS. */
  readonly hasCloudStubs?: boolean;
}

function makeFolder(root: LocalRoot, path: RelativePath): Stat {
  const { folder, name } = entryOf(path);
  return root.inFolder(folder, (anchor) => {
    root.disk.mkdirSync(anchor.at(name), 0o777);
    const stat = lookAt(root.disk, anchor.at(name), root.hasStableIds);
    if (stat === null) throw diskError('vanished');
    return stat;
  });
}

/** What loses its name in a move has this one in the stage for a moment, and mostly a second one where it went. */
const leaving = 'leaving';

function move(root: LocalRoot, from: RelativePath, to: RelativePath, expected: Fingerprint): Stat {
  const source = entryOf(from);
  const target = entryOf(to);
  if (from !== to && isWithin(to, from)) throw new HoldfastError('bug', 'a folder cannot move into itself');
  const isSameFolder = source.folder.join('/') === target.folder.join('/');
  const { disk, hasStableIds } = root;
  ensureFolder(root, stageFolder);
  return root.inFolder(source.folder, (sourceAnchor) =>
    root.inFolder(target.folder, (targetAnchor) =>
      root.inFolder(stageFolder, (stage) => {
        const fromPlace = { anchor: sourceAnchor, name: source.name };
        const toPlace = { anchor: targetAnchor, name: target.name };
        const aside = { anchor: stage, name: leaving };
        return renameSafely(disk, fromPlace, toPlace, expected, { isSameFolder, hasStableIds, aside });
      }),
    ),
  );
}

const foldersOf = (paths: readonly RelativePath[]): readonly SyncTarget[] =>
  [...new Set(paths)].map((path) => ({ folder: checkedNames(path), name: null }));

/**
 * The local folder at `location` (absolute; it may itself be, or lie behind, a symlink), on the real disk.
 * Nothing is touched before the first call, which binds it to the folder that is there then; call `checkRoot` first.
 */
export function openNodeFileSystem(location: string, options: NodeFileSystemOptions = {}): FileSystem {
  const { disk = nodeDisk, random = { bytes: randomBytes }, now = Date.now, slice = makeTimeSlice() } = options;
  const hasCloudStubs = options.hasCloudStubs ?? process.platform === 'darwin';
  const anchoring = options.anchoring ?? (canAnchorByHandle(disk) ? 'handle' : 'path');
  const root = openLocalRoot(resolve(location), anchoring, disk, random);
  const staged = new WeakMap<StagedFile, NodeStagedFile>();
  const parking = makeParking(root);
  const holder = makeHolder(root);
  const blocks = makeAlignedBlocks();
  const largest: LargestFile = { bytes: Number.POSITIVE_INFINITY };
  let mode: number | null = null;
  const defaultMode = (): number => {
    mode ??= defaultFileMode(root);
    return mode;
  };
  const modeLike = (path: RelativePath | undefined): NewMode => {
    if (path === undefined) return defaultMode;
    const { folder, name } = entryOf(path);
    return (staged, ready) => {
      const stat = statIn(root, folder, name);
      return stat?.kind === 'file' ? passOwner(disk, staged, ready, stat) : defaultMode();
    };
  };
  const list = async (path: RelativePath, names?: ReadonlySet<string>): Promise<ListingOutcome> => {
    try {
      const outcome = await listFolder(root, checkedNames(path), slice, names);
      return hasCloudStubs && outcome.ok ? { ok: true, listing: withoutStubs(outcome.listing) } : outcome;
    } catch (error) {
      return { ok: false, error: mapErrno(error) };
    }
  };
  const own = (file: StagedFile): NodeStagedFile => {
    const found = staged.get(file);
    if (found === undefined) throw new HoldfastError('bug', 'the staged file belongs to another folder');
    return found;
  };

  return {
    ...makeTrash(root, slice, now),
    location: root.location,

    listFolder: (path) => list(path),
    listNamed: (path, names) => list(path, names),
    stat: async (path) => {
      try {
        if (path === '') return statRoot(root);
        const { folder, name } = entryOf(path);
        return root.inFolder(folder, (anchor) => lookAt(disk, anchor.at(name), root.hasStableIds));
      } catch (error) {
        const reason = diskReason(error);
        if (reason === 'vanished' || reason === 'wrong-kind') return null;
        throw error;
      }
    },
    openFile: async (path) => openFile(root, path),
    readFiles: (files) => readFiles(root, files, slice),

    makeFolder: async (path) => makeFolder(root, path),
    move: async (from, to, expected) => move(root, from, to, expected),
    setAttributes: async (path, expected, attributes) => setAttributes(root, path, expected, attributes),
    removeFolder: async (path) => {
      const { folder, name } = entryOf(path);
      root.inFolder(folder, (anchor) => disk.rmdirSync(anchor.at(name)));
    },
    syncFolders: async (paths) => {
      await syncTargets(root, foldersOf(paths));
    },

    createStaged: async (key, size) => {
      const file = createStagedFile(root, blocks, largest, key, size);
      staged.set(file, file);
      return file;
    },
    stageAll: async (contents) => {
      const files = await stageContents(root, contents, slice);
      for (const file of files) staged.set(file, file);
      return files;
    },
    syncStaged: async (files, folders = []) => {
      const unsynced = files.map(own).filter((file) => file.state !== 'synced');
      if (unsynced.some((file) => file.state !== 'finished')) {
        throw new HoldfastError('bug', 'a stage file is finished before it is synced');
      }
      let lost: ReadonlySet<string | null>;
      try {
        const contents = unsynced.map((file) => ({ folder: stageFolder, name: file.name }));
        const gone = await syncTargets(root, [...contents, ...foldersOf(folders)]);
        lost = new Set(gone.map(({ name }) => name));
      } catch (error) {
        // What could not be written counts as written for the system: another sync would succeed and mean nothing.
        for (const file of unsynced) await file.discard();
        throw error;
      }
      for (const file of unsynced) file.state = lost.has(file.name) ? 'lost' : 'synced';
    },
    placeStaged: async (file, path, expected, batch, like) =>
      placeStagedFile(root, own(file), path, expected, batch, modeLike(like)),
    placeAll: (places) =>
      placeAllStaged(
        root,
        places.map(({ file, path, like }) => ({ file: own(file), path, newMode: modeLike(like) })),
        slice,
      ),
    park: parking.park,
    unpark: parking.unpark,
    recoverStage: async (isWanted = () => true) => {
      for (const name of namesIn(root, stageFolder)) {
        const stat = statIn(root, stageFolder, name);
        if (stat?.kind === 'file' && isResumable(name, isWanted)) continue;
        if (name.startsWith(leaving) && stat?.kind === 'file' && stat.linkCount < 2) parking.takeIn(name);
        else removeTree(root, stageFolder, name);
      }
      return parking.recoverParked();
    },

    checkRoot: async (expected) => {
      const state = checkRoot(openLocalRoot(root.location, anchoring, disk, random), expected);
      // A disk that was plugged in again is the root from now on; anything else never is.
      if (state !== 'ok') return state;
      root.bind();
      return holder.isAnother() ? 'held' : 'ok';
    },
    volumeNumber: async () => root.dev,
    readMarker: async () => readMarker(root),
    writeMarker: async (marker) => {
      ensureFolder(root, stageFolder);
      await writeMarker(root, marker);
      const { dev, ino } = statRoot(root);
      return { pairId: marker.pairId, dev, ino };
    },
    removeMarker: () => removeMarker(root),
    hold: async () => holder.take(),
    letGo: async () => holder.leave(),
    probeVolume: async () => probeVolume(root),
    clockAhead: async () => clockAhead(root, now),
  };
}
