import { flush, pagesOf, tear } from './content.ts';
import type { Inode } from './inode.ts';
import type { Volume } from './volume.ts';

/** As the kernel does by default: names within 5 seconds, content within 30. */
const namesAfterMs = 5_000;
const contentAfterMs = 30_000;

/** The disk as it is after a power cut: of what was not synced the seed decides what arrived. */
export function cutPower(volume: Volume): void {
  const now = volume.clock.now();
  volume.journal.cut(volume.dice, now - namesAfterMs);
  for (const inode of volume.dirty) {
    const { content } = inode;
    if (
      content !== null &&
      content.sizes.length + content.dirty.size > 0 &&
      content.dirtySinceMs < now - contentAfterMs
    ) {
      flush(inode);
    }
  }
  volume.dirty.clear();
  volume.usedPages = 0;
  volume.freeInos.length = 0;
  const seen = new Set<Inode>();
  mount(volume, volume.top, seen);
  if (!volume.traits.hasStableIds) renumber(volume, seen);
}

/** Everything below, as it is on the medium. */
function mount(volume: Volume, folder: Inode, seen: Set<Inode>): void {
  folder.entries = new Map(folder.medium);
  for (const { name, inode } of folder.entries.values()) {
    inode.parent = folder;
    inode.name = name;
    inode.opens = 0;
    inode.isLocked = false;
    if (seen.has(inode)) {
      inode.links++;
      continue;
    }
    seen.add(inode);
    inode.links = 1;
    tear(inode, volume.dice, volume.traits.hasHonestTimes);
    volume.usedPages += inode.kind === 'folder' ? 1 : pagesOf(inode.content?.size ?? 0);
    if (inode.kind === 'folder') mount(volume, inode, seen);
  }
}

/** Numbers that the system makes up are others after a mount. */
export function renumber(volume: Volume, inodes: Iterable<Inode>): void {
  for (const inode of inodes) inode.ino = volume.nextIno++;
}
