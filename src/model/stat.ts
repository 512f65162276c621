export type EntryKind = 'file' | 'folder' | 'symlink' | 'other';

/** Times are whole microseconds since 1970 UTC, rounded; they may be negative. */
export interface Stat {
  readonly kind: EntryKind;
  /** Bytes; 0 unless a file. */
  readonly size: number;
  readonly mtimeUs: number;
  /** Last change of content or attributes; cannot be set by programs. 0 where the system has none. */
  readonly ctimeUs: number;
  /** Time of birth; 0 where the file system does not say. */
  readonly birthUs: number;
  readonly dev: number;
  /** Low 53 bits of the inode or file id. With `dev` and `birthUs`: the identity that a rename keeps. */
  readonly ino: number;
  /** The owner may execute it. Meaningless if the volume has no such bit (`VolumeTraits` of local/file-system.ts). */
  readonly exec: boolean;
  /** More than 1 for a file: other names, perhaps outside of the root, share its content. */
  readonly linkCount: number;
}

export interface Entry extends Stat {
  readonly name: string;
}

export type Identity = Pick<Stat, 'dev' | 'ino' | 'birthUs'>;

/** Same thing on disk: what a rename keeps. A birth time that is unknown on one side says nothing. */
export const isSameIdentity = (a: Identity, b: Identity): boolean =>
  a.ino === b.ino && a.dev === b.dev && (a.birthUs === b.birthUs || a.birthUs === 0 || b.birthUs === 0);

/** The same thing wherever it is. Where a disk has neither numbers nor times of birth, everything would be the same one. */
export const isSameThing = (a: Identity, b: Identity): boolean =>
  isSameIdentity(a, b) && (a.ino !== 0 || (a.birthUs !== 0 && a.birthUs === b.birthUs));

/** What tells one state of a file from another without reading it. `Stat` is one. */
export type Fingerprint = Identity & Pick<Stat, 'kind' | 'size' | 'mtimeUs' | 'ctimeUs'>;

/** Same object in the same state. Folders: same object (their times change with their entries). */
export const isSameState = (a: Fingerprint, b: Fingerprint): boolean =>
  a.kind === b.kind &&
  isSameIdentity(a, b) &&
  (a.kind === 'folder' || (a.size === b.size && a.mtimeUs === b.mtimeUs && a.ctimeUs === b.ctimeUs));
