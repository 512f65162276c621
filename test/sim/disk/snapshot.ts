import { frozenBytes } from './content.ts';
import type { Inode } from './inode.ts';

export interface SeenNode {
  readonly kind: 'file' | 'folder' | 'symlink' | 'other';
  /** A file's content; it stays as it is. Empty for all else. */
  readonly bytes: Uint8Array;
  readonly exec: boolean;
  readonly mtimeUs: number;
  readonly ino: number;
  /** Of a symlink. */
  readonly target: string;
}

/** Path below the folder → what programs see there; parents first, siblings in order of their names. */
export type DiskSnapshot = ReadonlyMap<string, SeenNode>;

const nothing = new Uint8Array(0);

export function snapshotOf(folder: Inode): DiskSnapshot {
  const found = new Map<string, SeenNode>();
  const visit = (at: Inode, prefix: string): void => {
    const entries = [...at.entries.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name, inode } of entries) {
      found.set(prefix + name, {
        kind: inode.kind,
        bytes: inode.content === null ? nothing : frozenBytes(inode.content),
        exec: inode.kind === 'file' && (inode.mode & 0o100) !== 0,
        mtimeUs: inode.mtimeUs,
        ino: inode.ino,
        target: inode.target,
      });
      if (inode.kind === 'folder') visit(inode, `${prefix}${name}/`);
    }
  };
  visit(folder, '');
  return found;
}
