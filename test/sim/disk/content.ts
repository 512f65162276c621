import type { Dice } from '../random.ts';
import { type Inode, type InodeAttributes, pageSize, type SimContent } from './inode.ts';

export const pagesOf = (size: number): number => Math.ceil(size / pageSize);

function ensureOwn(content: SimContent, size: number): void {
  if (!content.isShared && content.bytes.length >= size) return;
  const isGrowing = content.bytes.length < size;
  const bytes = new Uint8Array(
    isGrowing ? Math.max(size, Math.min(2 * content.size, content.size + 65_536)) : content.bytes.length,
  );
  bytes.set(content.bytes.subarray(0, content.size));
  content.bytes = bytes;
  content.isShared = false;
}

function markDirty(content: SimContent, from: number, to: number): void {
  for (let page = Math.floor(from / pageSize); page * pageSize < to; page++) {
    content.dirty.add(page);
    content.lost.delete(page);
  }
}

/** Notes the size before a change; call once per change. */
function beginChange(content: SimContent, timeMs: number, timeUs: number): void {
  if (content.sizes.length === 0 && content.dirty.size === 0) {
    content.dirtySinceMs = timeMs;
    content.firstDirtyUs = timeUs;
  }
}

export function writeContent(
  content: SimContent,
  bytes: Uint8Array,
  position: number,
  timeMs: number,
  timeUs: number,
): void {
  beginChange(content, timeMs, timeUs);
  const end = position + bytes.length;
  ensureOwn(content, Math.max(end, content.size));
  if (position > content.size) content.bytes.fill(0, content.size, position);
  content.bytes.set(bytes, position);
  markDirty(content, position, end);
  if (end > content.size) {
    content.size = end;
    content.sizes.push(end);
  }
}

export function truncateContent(content: SimContent, size: number, timeMs: number, timeUs: number): void {
  beginChange(content, timeMs, timeUs);
  ensureOwn(content, Math.max(size, content.size));
  if (size > content.size) content.bytes.fill(0, content.size, size);
  for (const page of content.dirty) if (page * pageSize >= size) content.dirty.delete(page);
  for (const page of content.lost) if (page * pageSize >= size) content.lost.delete(page);
  content.size = size;
  content.sizes.push(size);
}

/** The bytes for someone who keeps them: no later write changes them. The same array as long as nothing is written. */
export function frozenBytes(content: SimContent): Uint8Array {
  const { bytes, size, frozen, isShared } = content;
  if (isShared && frozen.length === size && frozen.buffer === bytes.buffer) return frozen;
  content.isShared = true;
  content.frozen = bytes.subarray(0, size);
  return content.frozen;
}

/** Programs' view, but with the medium's bytes in pages that never arrive. */
function withoutPages(content: SimContent, missing: ReadonlySet<number>): Uint8Array {
  if (missing.size === 0) return frozenBytes(content);
  const bytes = content.bytes.slice(0, content.size);
  for (const page of missing) {
    const from = page * pageSize;
    const to = Math.min(from + pageSize, content.size);
    if (from >= to) continue;
    bytes.fill(0, from, to);
    const kept = content.savedBytes.subarray(from, Math.min(to, content.savedSize));
    bytes.set(kept, from);
  }
  return bytes;
}

function setSaved(inode: Inode, content: SimContent, bytes: Uint8Array): void {
  content.savedBytes = bytes;
  content.savedSize = bytes.length;
  content.dirty.clear();
  content.sizes = [];
  saveAttributes(inode);
}

function saveAttributes(inode: Inode): void {
  inode.saved = { mode: inode.mode, mtimeUs: inode.mtimeUs, ctimeUs: inode.ctimeUs };
}

/** Content and attributes are on the medium, but for pages that an earlier sync lost. */
export function flush(inode: Inode): void {
  const { content } = inode;
  if (content !== null && isDirty(content)) setSaved(inode, content, withoutPages(content, content.lost));
  else saveAttributes(inode);
}

/** As Linux does: what could not be written counts as written; programs still see it until the power goes. */
export function failFlush(content: SimContent, dice: Dice): void {
  for (const page of content.dirty) if (dice.chance(0.7)) content.lost.add(page);
  content.dirty.clear();
}

const isDirty = (content: SimContent): boolean => content.dirty.size > 0 || content.sizes.length > 0;

/** What a power cut leaves of a file: the seed decides between old, new and parts. */
export function tear(inode: Inode, dice: Dice, hasHonestTimes: boolean): void {
  const { content } = inode;
  const seen: InodeAttributes = { mode: inode.mode, mtimeUs: inode.mtimeUs, ctimeUs: inode.ctimeUs };
  let attributes = dice.chance(0.5) ? seen : inode.saved;
  if (content !== null) {
    const isChanged = isDirty(content) || content.lost.size > 0;
    const fate = isChanged ? dice.weighted({ old: 0.25, new: 0.4, torn: 0.35 }) : 'new';
    const bytes = fate === 'old' ? content.savedBytes.subarray(0, content.savedSize) : arrived(content, dice, fate);
    if (isChanged && !hasHonestTimes) attributes = dice.chance(0.5) ? seen : inode.saved;
    else if (fate === 'old') attributes = inode.saved;
    else if (fate === 'torn' || content.lost.size > 0) {
      // A stamp of none of the writes that did not all arrive: one of them may be known already.
      const mtimeUs = Math.min(content.firstDirtyUs, seen.mtimeUs) - 1;
      attributes = { ...inode.saved, mtimeUs, ctimeUs: Math.min(content.firstDirtyUs, seen.ctimeUs) - 1 };
    } else if (isChanged) attributes = seen;
    content.bytes = bytes;
    content.size = bytes.length;
    content.isShared = true;
    content.lost.clear();
    content.hasWriteError = false;
    Object.assign(inode, attributes);
    setSaved(inode, content, bytes);
    return;
  }
  Object.assign(inode, attributes);
  saveAttributes(inode);
}

function arrived(content: SimContent, dice: Dice, fate: 'new' | 'torn'): Uint8Array {
  if (fate === 'new') return withoutPages(content, content.lost);
  // Any size that it had; or, while it grew, one in between.
  const step = dice.below(content.sizes.length + 1);
  const sizes = [content.savedSize, ...content.sizes].slice(0, step + 1);
  let size = sizes.at(-1) ?? 0;
  const before = sizes.at(-2) ?? size;
  if (size > before && dice.chance(0.5))
    size = before + Math.min(size - before, dice.below(pagesOf(size - before) + 1) * pageSize);
  const kept = Math.min(size, ...sizes);
  const bytes = new Uint8Array(size);
  bytes.set(content.savedBytes.subarray(0, Math.min(kept, content.savedSize)));
  for (const page of content.dirty) {
    const from = page * pageSize;
    const to = Math.min(from + pageSize, size, content.size);
    if (to > from && dice.chance(0.5)) bytes.set(content.bytes.subarray(from, to), from);
  }
  return bytes;
}
