import type { Clock } from '../../../src/common/clock.ts';
import type { Dice } from '../random.ts';
import { pagesOf, truncateContent, writeContent } from './content.ts';
import { errno } from './errno.ts';
import { type Inode, newInode, pageSize, type SimEntry } from './inode.ts';
import { type Edit, type Journal, makeJournal } from './journal.ts';
import { keptName, keyOf, type SimTraits } from './sim-traits.ts';

/** `came` and `went`: a name (a rename is both); `changed`: content or attributes of what has the name. */
export interface DiskEvent {
  readonly what: 'came' | 'went' | 'changed';
  readonly folder: Inode;
  readonly name: string;
  readonly isFolder: boolean;
}

/** A place for an entry, taken or free. */
export interface Spot {
  readonly folder: Inode;
  /** As asked for. */
  readonly name: string;
  readonly entry: SimEntry | null;
}

/** All that is on a disk. Its changes are single, whole steps; who may do them is asked elsewhere. */
export interface Volume {
  readonly traits: SimTraits;
  readonly clock: Pick<Clock, 'now'>;
  readonly dice: Dice;
  readonly dev: number;
  readonly journal: Journal;
  readonly top: Inode;
  readonly listeners: Set<(event: DiskEvent) => void>;
  /** Files with content that is not on the medium. */
  readonly dirty: Set<Inode>;
  usedPages: number;
  nextIno: number;
  /** Numbers of removed files, and whose they were. */
  readonly freeInos: { readonly ino: number; readonly was: Inode }[];
  lastMs: number;
  lastUs: number;
}

export function makeVolume(traits: SimTraits, clock: Pick<Clock, 'now'>, dice: Dice): Volume {
  const top = newInode('folder', 2, 0o755, Math.floor(clock.now() * 1000));
  top.parent = top;
  return {
    traits,
    clock,
    dice,
    dev: 100 + dice.below(1000),
    journal: makeJournal(traits.journal),
    top,
    listeners: new Set(),
    dirty: new Set(),
    usedPages: 0,
    nextIno: 11,
    freeInos: [],
    lastMs: Number.NEGATIVE_INFINITY,
    lastUs: 0,
  };
}

/** The moment of a change, in microseconds: changes in one millisecond of the clock differ, as with today's kernels. */
function tick(volume: Volume): number {
  const ms = volume.clock.now();
  const us = Math.floor(ms * 1000);
  volume.lastUs = ms >= volume.lastMs && us <= volume.lastUs ? volume.lastUs + 1 : us;
  volume.lastMs = ms;
  return volume.lastUs;
}

const stepped = (us: number, step: number): number => Math.floor(us / step) * step;

function touchContent(volume: Volume, inode: Inode): void {
  const us = tick(volume);
  inode.mtimeUs = stepped(us, volume.traits.mtimeStepUs);
  inode.ctimeUs = stepped(us, volume.traits.ctimeStepUs);
}

function touchAttributes(volume: Volume, inode: Inode): void {
  inode.ctimeUs = stepped(tick(volume), volume.traits.ctimeStepUs);
}

function tell(volume: Volume, what: DiskEvent['what'], folder: Inode, name: string, isFolder: boolean): void {
  if (volume.listeners.size === 0) return;
  for (const listener of [...volume.listeners]) listener({ what, folder, name, isFolder });
}

/** Content or attributes changed. Events bear one name: the latest that it got, or any that is left. */
function tellChanged(volume: Volume, inode: Inode): void {
  if (volume.listeners.size === 0 || inode.links === 0) return;
  const { parent, name } = inode;
  const isThere = parent !== null && entryIn(volume, parent, name)?.inode === inode;
  const place = isThere ? { folder: parent, name } : placeOf(volume.top, inode);
  if (place !== null) tell(volume, 'changed', place.folder, place.name, inode.kind === 'folder');
}

function placeOf(folder: Inode, inode: Inode): { folder: Inode; name: string } | null {
  for (const entry of folder.entries.values()) {
    if (entry.inode === inode) return { folder, name: entry.name };
    const below = entry.inode.kind === 'folder' ? placeOf(entry.inode, inode) : null;
    if (below !== null) return below;
  }
  return null;
}

export const entryIn = (volume: Volume, folder: Inode, name: string): SimEntry | null =>
  folder.entries.get(keyOf(name, volume.traits)) ?? null;

/** Gives back what nobody can reach any more. */
export function release(volume: Volume, inode: Inode): void {
  if (inode.links > 0 || inode.opens > 0) return;
  if (inode.content !== null) volume.usedPages -= pagesOf(inode.content.size);
  if (inode.kind === 'folder') volume.usedPages--;
  volume.dirty.delete(inode);
  if (volume.traits.reusesInodes) volume.freeInos.push({ ino: inode.ino, was: inode });
}

/** One step of the journal, seen at once. */
function edit(volume: Volume, edits: readonly Edit[], ...touched: readonly Inode[]): void {
  const folders = edits.map(({ folder }) => folder);
  for (const { folder, key, entry } of edits) {
    if (entry === null) folder.entries.delete(key);
    else folder.entries.set(key, entry);
  }
  for (const folder of new Set(folders)) touchContent(volume, folder);
  volume.journal.add(edits, [...folders, ...touched], volume.clock.now());
}

const adding = (volume: Volume, { folder, name }: Spot, inode: Inode, call: string): Edit => {
  const kept = keptName(name, volume.traits, call);
  return { folder, key: keyOf(kept, volume.traits), entry: { name: kept, inode } };
};

const removing = (volume: Volume, folder: Inode, entry: SimEntry): Edit => ({
  folder,
  key: keyOf(entry.name, volume.traits),
  entry: null,
});

function room(volume: Volume, pages: number, call: string): void {
  if ((volume.usedPages + pages) * pageSize > volume.traits.capacity) throw errno('ENOSPC', call);
}

/** A new file, folder or symlink at a free spot. */
export function makeNode(
  volume: Volume,
  spot: Spot,
  kind: Inode['kind'],
  mode: number,
  call: string,
  target = '',
): Inode {
  keptName(spot.name, volume.traits, call);
  if (kind === 'folder') room(volume, 1, call);
  const reused = volume.traits.reusesInodes ? volume.freeInos.pop() : undefined;
  const ino = reused?.ino ?? volume.nextIno++;
  const inode = newInode(kind, ino, volume.traits.hasModeBits ? mode : 0o755, tick(volume), target);
  inode.birthUs = volume.traits.hasBirthTimes ? stepped(inode.birthUs, volume.traits.ctimeStepUs) : 0;
  inode.mtimeUs = stepped(inode.mtimeUs, volume.traits.mtimeStepUs);
  inode.ctimeUs = stepped(inode.ctimeUs, volume.traits.ctimeStepUs);
  inode.saved = { mode: inode.mode, mtimeUs: inode.mtimeUs, ctimeUs: inode.ctimeUs };
  inode.links = 1;
  const added = adding(volume, spot, inode, call);
  // The number's former owner is gone for good before anyone else has it.
  edit(volume, [added], inode, ...(reused === undefined ? [] : [reused.was]));
  if (kind === 'folder') volume.usedPages++;
  settle(inode, spot.folder, added.entry?.name ?? spot.name);
  tell(volume, 'came', spot.folder, spot.name, kind === 'folder');
  return inode;
}

function settle(inode: Inode, parent: Inode | null, name: string): void {
  inode.parent = parent;
  inode.name = name;
}

export function addName(volume: Volume, inode: Inode, spot: Spot): void {
  edit(volume, [adding(volume, spot, inode, 'link')], inode);
  inode.links++;
  settle(inode, spot.folder, spot.name);
  touchAttributes(volume, inode);
  tell(volume, 'came', spot.folder, spot.name, false);
}

/** A file's name, or an empty folder. */
export function removeName(volume: Volume, folder: Inode, entry: SimEntry): void {
  const { inode } = entry;
  edit(volume, [removing(volume, folder, entry)], inode);
  dropName(volume, inode);
  tell(volume, 'went', folder, entry.name, inode.kind === 'folder');
}

function dropName(volume: Volume, inode: Inode): void {
  inode.links--;
  touchAttributes(volume, inode);
  if (inode.links === 0) settle(inode, null, '');
  release(volume, inode);
}

/** To a free spot, one that another spelling of the name has, or over what may be replaced. */
export function renameEntry(volume: Volume, from: { folder: Inode; entry: SimEntry }, to: Spot): void {
  const { inode } = from.entry;
  const added = adding(volume, to, inode, 'rename');
  const victim = to.entry === null || to.entry.inode === inode ? null : to.entry.inode;
  edit(volume, [removing(volume, from.folder, from.entry), added], inode, ...(victim === null ? [] : [victim]));
  touchAttributes(volume, inode);
  settle(inode, to.folder, added.entry?.name ?? to.name);
  if (victim !== null) dropName(volume, victim);
  tell(volume, 'went', from.folder, from.entry.name, inode.kind === 'folder');
  tell(volume, 'came', to.folder, to.name, inode.kind === 'folder');
}

/** Writes as much as there is room for; throws if that is nothing. */
export function write(volume: Volume, inode: Inode, bytes: Uint8Array, position: number): number {
  const { content } = inode;
  if (content === null) throw errno('EBADF', 'write');
  const free = Math.floor(volume.traits.capacity / pageSize) - volume.usedPages + pagesOf(content.size);
  const length = Math.min(bytes.length, Math.max(0, free * pageSize - position));
  if (length === 0 && bytes.length > 0) throw errno('ENOSPC', 'write');
  const before = pagesOf(content.size);
  touchContent(volume, inode);
  const part = length === bytes.length ? bytes : bytes.subarray(0, length);
  writeContent(content, part, position, volume.clock.now(), inode.mtimeUs);
  volume.usedPages += pagesOf(content.size) - before;
  volume.dirty.add(inode);
  tellChanged(volume, inode);
  return length;
}

export function truncate(volume: Volume, inode: Inode, size: number): void {
  const { content } = inode;
  if (content === null) throw errno('EINVAL', 'ftruncate');
  const before = pagesOf(content.size);
  room(volume, pagesOf(size) - before, 'ftruncate');
  touchContent(volume, inode);
  truncateContent(content, size, volume.clock.now(), inode.mtimeUs);
  volume.usedPages += pagesOf(size) - before;
  volume.dirty.add(inode);
  tellChanged(volume, inode);
}

export function setTime(volume: Volume, inode: Inode, mtimeUs: number): void {
  touchAttributes(volume, inode);
  inode.mtimeUs = stepped(mtimeUs, volume.traits.mtimeStepUs);
  tellChanged(volume, inode);
}

export function setMode(volume: Volume, inode: Inode, mode: number): void {
  if (!volume.traits.hasModeBits) {
    if ((mode & 0o777) !== inode.mode) throw errno('EPERM', 'chmod');
    return;
  }
  inode.mode = mode & 0o7777;
  touchAttributes(volume, inode);
  tellChanged(volume, inode);
}
