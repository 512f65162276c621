import { frozenBytes } from './content.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

/** All that is on the disk, as a snapshot of the machine has it. The result puts it back; programs are to have ended. */
export function takeImage(volume: Volume): () => void {
  const { usedPages, nextIno } = volume;
  const freeInos = [...volume.freeInos];
  const kept = new Map<Inode, () => void>();
  keep(volume.top, kept);
  return () => {
    volume.journal.syncAll();
    volume.dirty.clear();
    for (const putBack of kept.values()) putBack();
    volume.freeInos.splice(0, volume.freeInos.length, ...freeInos);
    Object.assign(volume, { usedPages, nextIno });
  };
}

function keep(inode: Inode, kept: Map<Inode, () => void>): void {
  if (kept.has(inode)) return;
  const { ino, birthUs, links, mode, mtimeUs, ctimeUs, parent, name, content } = inode;
  const attributes = { mode, mtimeUs, ctimeUs };
  const entries = new Map(inode.entries);
  const bytes = content === null ? null : frozenBytes(content);
  kept.set(inode, () => {
    Object.assign(inode, { ...attributes, ino, birthUs, links, parent, name, opens: 0, isLocked: false });
    inode.saved = attributes;
    inode.entries = new Map(entries);
    inode.medium.clear();
    for (const [key, entry] of entries) inode.medium.set(key, entry);
    if (content === null || bytes === null) return;
    const size = bytes.length;
    Object.assign(content, { bytes, size, isShared: true, frozen: bytes, savedBytes: bytes, savedSize: size });
    Object.assign(content, { sizes: [], hasWriteError: false });
    content.dirty.clear();
    content.lost.clear();
  });
  for (const entry of entries.values()) keep(entry.inode, kept);
}
