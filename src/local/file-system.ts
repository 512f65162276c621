import type { HoldfastError } from '../common/errors.ts';
import type { NodeId, PairId, VaultId } from '../common/ids.ts';
import type { NameFault } from '../common/name.ts';
import type { RelativePath } from '../common/relative-path.ts';
import type { Result } from '../common/result.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';
import type { Entry, Fingerprint, Stat } from '../model/stat.ts';

/**
 * The local folder of a pair, as a port. What holds for every call:
 * - Paths are below the root. A path that passes through a symlink is refused (`symlink`), also when a folder is swapped
 *   for one meanwhile; the last component is never followed either. `.holdfast` is out of reach of plain paths.
 * - If the root is missing or no longer the folder that was opened, every call fails with `root-gone` and touches nothing.
 * - Expected failures are thrown as `diskError` (kind `io`, a closed set of reasons, common/disk-error.ts), unless said otherwise.
 * - Calls that change something carry what they expect to find; if it is not there they fail with a stale reason and
 *   have changed nothing. None of them ever replaces content that is not kept in the trash.
 * - A change is in the folder when the call returns, and on the medium after the matching `sync…` call.
 */
export interface FileSystem extends DiskReader, DiskChanger, Stage, Trash, RootKeeper {}

/** An entry that is there, but that could not be looked at, or whose name cannot be in a vault. Unknown, never deleted. */
export interface ProblemEntry {
  /** The name; bytes that are no Unicode as `\xFF`. */
  readonly display: string;
  /** The name itself, if only the look failed. */
  readonly name: string | null;
  /** `unicode` (bytes that are no UTF-8), `reserved` (a `.holdfast` of another pair), `too-long`; null if the look failed. */
  readonly fault: NameFault | null;
  readonly error: HoldfastError | null;
}

export interface Listing {
  /** The folder itself, looked at before its entries. */
  readonly folder: Stat;
  /** In no particular order. Symlinks and special files are listed, not followed. */
  readonly entries: readonly Entry[];
  readonly problems: readonly ProblemEntry[];
}

/** `vanished`: there is certainly no such folder. Any other error: its content is unknown. */
export type ListingOutcome =
  | { readonly ok: true; readonly listing: Listing }
  | { readonly ok: false; readonly error: HoldfastError };

export interface DiskReader {
  /** All entries with their stat. Never throws for the disk's sake; gives way to other work every few milliseconds. */
  listFolder(path: RelativePath): Promise<ListingOutcome>;
  /**
   * The same of entries of these names only, without reading the folder. Where the disk takes several names for one, an entry
   * appears under each that was asked for.
   */
  listNamed(path: RelativePath, names: ReadonlySet<string>): Promise<ListingOutcome>;
  /** Null: there is certainly nothing of that name. */
  stat(path: RelativePath): Promise<Stat | null>;
  /** `wrong-kind` unless it is a regular file; a pipe or device never blocks. The caller closes it. */
  openFile(path: RelativePath): Promise<OpenFile>;
  /**
   * Small files, whole; those of one folder for much less than one by one. What became of each, in the order of
   * `files`: it fails as `openFile`, and with `changed` if it has another size or did not stay as it was (see
   * `OpenFile.isUnchanged`).
   */
  readFiles(files: readonly WantedFile[]): Promise<readonly Result<WholeFile, HoldfastError>[]>;
}

export interface WantedFile {
  readonly path: RelativePath;
  /** Bytes. */
  readonly size: number;
}

export interface WholeFile {
  readonly stat: Stat;
  readonly bytes: Uint8Array;
}

export interface OpenFile {
  /** As of the opening. */
  readonly stat: Stat;
  /** Fills `buffer` from `position` as far as the file goes; the number of bytes, less than asked only at the end. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /**
   * Ask after the last read: the file is as it was when it was opened, and still the one at its path. A write within the
   * same clock tick and of the same size can escape notice on old kernels: read files only after they were quiet.
   */
  isUnchanged(): Promise<boolean>;
  /** Safe to repeat. */
  close(): Promise<void>;
}

export interface Attributes {
  readonly mtimeUs: number;
  readonly exec: boolean;
}

export interface DiskChanger {
  /** `exists` if anything has that name; `vanished` if the parent is missing. */
  makeFolder(path: RelativePath): Promise<Stat>;
  /**
   * Renames a file or folder that is still as `expected`. `exists` if the target name is taken by anything else than the
   * thing itself (a change of case or Unicode form on a folding file system is a rename like any other). A crash leaves
   * it at the old place, the new one, or (files) at both as one inode. Returns the new stat: the ctime moves.
   */
  move(from: RelativePath, to: RelativePath, expected: Fingerprint): Promise<Stat>;
  /** Sets what is given, keeps all other mode bits. */
  setAttributes(path: RelativePath, expected: Fingerprint, attributes: Partial<Attributes>): Promise<Stat>;
  /** `not-empty` if anything at all is left in it. */
  removeFolder(path: RelativePath): Promise<void>;
  /** Entries of these folders (made, moved, placed, removed) are on the medium afterwards. Missing folders are no error. */
  syncFolders(paths: readonly RelativePath[]): Promise<void>;
}

export interface StagedAttributes extends Attributes {
  /** Bytes; what an earlier try left beyond is cut off. */
  readonly size?: number;
}

/** A small content, whole. */
export interface NewContent extends Attributes {
  readonly bytes: Uint8Array;
}

/** A file being made in `.holdfast/stage`, private (0700), on the root's volume. */
export interface StagedFile {
  /**
   * Bytes beyond the present end may be written; the gap reads as zeros. None is written twice: what came may be gathered
   * until `finish`, also what `read` would give.
   */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Ends writing and sets the attributes. */
  finish(attributes: StagedAttributes): Promise<void>;
  /** Bytes that an earlier try may have left, to be checked before they are kept; 0 for a new file. */
  readonly leftBytes: number;
  /** What was written at `position`; fewer bytes than asked at the end. Before `finish` only. */
  read(buffer: Uint8Array, position: number): Promise<number>;
  /** Removes it; safe to repeat, harmless after it was placed. */
  discard(): Promise<void>;
  /** Stops writing. A file made with a key stays for the next try, unless it has filled the disk; any other is discarded. */
  leave(): Promise<void>;
}

export interface Placed {
  /** The placed file. Index this and the watcher's echo is no change. */
  readonly stat: Stat;
  /** The replaced content. */
  readonly trashed: TrashItem | null;
}

/** A synced file and the name that it is to get, which nothing has. */
export interface NewPlace {
  readonly file: StagedFile;
  readonly path: RelativePath;
  /** As with `placeStaged`. */
  readonly like?: RelativePath;
}

/**
 * Order of durability, each step after the one before: content written → `syncStaged` → `placeStaged` →
 * `syncFolders` of the parents → the index. Many files go through each step together.
 */
export interface Stage {
  /**
   * With a key (32 hexadecimal digits), an unfinished file of the same key is taken up where it was left, also after a
   * crash. One at a time for each key. `disk-full` at once if the disk has no room for what it is still to get of its `size`
   * bytes, beside others in the making.
   */
  createStaged(key?: string, size?: number): Promise<StagedFile>;
  /** Finished files of these contents, in their order: many small ones for the price of few. All of them, or none is left. */
  stageAll(contents: readonly NewContent[]): Promise<readonly StagedFile[]>;
  /**
   * The content of these finished files is on the medium afterwards, and with it what `syncFolders` does for `folders`. One
   * call for many is far cheaper. If it fails the files are discarded, those with a key too: what can be read of them need not
   * be on the medium. One that another program removed fails when it is to get its name (`removed-from-stage`), and is no
   * matter of the others.
   */
  syncStaged(files: readonly StagedFile[], folders?: readonly RelativePath[]): Promise<void>;
  /**
   * Gives a synced file its name. `expected` null: nothing may have that name (`exists`). Else the file there must be as
   * expected (`changed`, `vanished`); it is kept in the trash under `batch`, and its mode bits but exec pass on, and its owner
   * and group where this person may give files away. To a free name those of `like` do, if that is given and there.
   * No reader ever sees the name missing or with part of the content.
   */
  placeStaged(
    file: StagedFile,
    path: RelativePath,
    expected: Fingerprint | null,
    batch: string,
    like?: RelativePath,
  ): Promise<Placed>;
  /**
   * As `placeStaged` of each to a name that nothing has; what became of each, in their order. Neighbours of one folder cost
   * least.
   */
  placeAll(places: readonly NewPlace[]): Promise<readonly Result<Stat, HoldfastError>[]>;
  /** Takes a file or folder out of the tree for a moment (swaps of names). Its origin is recorded durably first. */
  park(path: RelativePath, expected: Fingerprint, key: string): Promise<Stat>;
  /** Brings it back, to a name that nothing has. */
  unpark(key: string, to: RelativePath): Promise<Stat>;
  /**
   * Before a scan, while nothing else uses the stage: removes unfinished files (but those with a key that is still wanted), and
   * puts what a crash left parked back to its origin, or beside it if that name is taken. Returns the places of what was parked.
   */
  recoverStage(isWanted?: (key: string) => boolean): Promise<readonly RelativePath[]>;
}

/** One kept file: `.holdfast/trash/<batch>/<path>`. */
export interface TrashItem {
  readonly batch: string;
  /** Where it was. */
  readonly path: RelativePath;
  /** 1, or more if one batch kept several contents of one path. */
  readonly copy: number;
  readonly size: number;
  readonly mtimeUs: number;
}

export interface ListedTrash extends TrashItem {
  /** When it came into the trash, or a program that had it open last wrote to it. */
  readonly keptUs: number;
}

/** Batches are named by the caller: 1 to 64 of `A–Z a–z 0–9 - _`. */
export interface Trash {
  /** Moves a file that is as `expected` into the trash. */
  trashFile(path: RelativePath, expected: Fingerprint, batch: string): Promise<TrashItem>;
  listTrash(): Promise<readonly ListedTrash[]>;
  /** Brings it back to `to`, whose folder exists and whose name is free (`exists`). */
  restoreTrashed(item: TrashItem, to: RelativePath): Promise<Stat>;
  /** The item was written to after it was trashed, by a program that had it open. `vanished` if it is gone. */
  isTrashedChanged(item: TrashItem): Promise<boolean>;
  /** Removes it for good, and the folders of its batch that are empty then. `vanished` if it is gone. */
  dropTrashed(item: TrashItem): Promise<void>;
  /** What `expireTrash` asks about. */
  trashBatches(): Promise<readonly string[]>;
  /**
   * Removes for good the batches, of those that may go, in which nothing is from `beforeMs` (wall time) or later. A time to come, as a
   * clock leaves it that was set back, or another computer's disk, tells nothing. Returns how many files went.
   */
  expireTrash(beforeMs: number, mayGo?: (batch: string) => boolean): Promise<number>;
}

/** Says whose folder this is; kept in `.holdfast/marker`. */
export interface Marker {
  readonly pairId: PairId;
  readonly vaultId: VaultId;
  /** Milliseconds since 1970 UTC. */
  readonly madeAt: number;
  /** What of the vault is not to be in the folder. Not there: nobody chose yet. */
  readonly deselected?: readonly NodeId[];
}

/** What the index remembers of the root. `dev` says nothing of which folder it is: it changes when a disk is plugged in again. */
export interface RootIdentity {
  readonly pairId: PairId;
  readonly dev: number;
  readonly ino: number;
}

/**
 * `missing`: nothing there (unplugged, deleted, renamed). `replaced`: a folder, but without the pair's marker (an empty mount
 * point). `copied`: with its marker, but another inode (a copy, a backup that was put back). `held`: another program is this pair, too.
 * Anything but `ok` parks the pair; nothing is deleted.
 */
export type RootState = 'ok' | 'held' | 'missing' | 'replaced' | 'copied' | 'not-a-folder' | 'unreadable';

export interface VolumeTraits {
  readonly nameRules: LocalNameRules;
  /** False on FAT, NTFS and alike: exec as found says nothing, keep the known one. */
  readonly hasExecBit: boolean;
  /** Times are kept in steps of this; 1 where exact. FAT: 2,000,000. */
  readonly mtimeStepUs: number;
  /** False on FAT and FUSE: `dev` and `ino` read as 0 and identify nothing; find moves by content alone. */
  readonly hasStableIds: boolean;
  /** False on network and FUSE volumes, whose native events are missing or partial: all is listed more often there. */
  readonly isLocal: boolean;
}

export interface RootKeeper {
  /** Where the folder is, for opening it in a file manager and for the watcher. Absolute. */
  readonly location: string;
  /** Throws `too-many-open` alone, which says nothing about the folder. `null`: is it a readable folder at all. */
  checkRoot(expected: RootIdentity | null): Promise<RootState>;
  /** `dev` of all that is in the root, as of the last `checkRoot` that found it. */
  volumeNumber(): Promise<number>;
  /** Null if the folder is no pair's yet. Throws kind `corrupt` if the marker cannot be read as one. */
  readMarker(): Promise<Marker | null>;
  /** Makes `.holdfast` and the marker, durably; returns what to remember. Replaces an older marker. */
  writeMarker(marker: Marker): Promise<RootIdentity>;
  /** From then on the folder is no pair's. */
  removeMarker(): Promise<void>;
  /**
   * From now on this program works in the folder, until `letGo` or until another one that takes itself for the same pair (its home is
   * a copy) does this: then `checkRoot` says `held` until that one lets go. Nothing on a disk that takes no files.
   */
  hold(): Promise<void>;
  letGo(): Promise<void>;
  /** By trial files in `.holdfast`, which is made if missing; ask once per start. Throws where the disk is in no state to tell. */
  probeVolume(): Promise<VolumeTraits>;
  /**
   * By how many milliseconds the clock that dates what is written there is ahead of this computer's: on network and FUSE volumes it
   * may be another one's. Up to a step of its times less, as a trial file shows it; 0 where none can be made.
   */
  clockAhead(): Promise<number>;
}
