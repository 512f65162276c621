import type { Clock } from '../../../src/common/clock.ts';
import type { Dice } from '../random.ts';
import { flush, frozenBytes } from './content.ts';
import { takeImage } from './disk-image.ts';
import { type Fault, type Faults, makeFaults } from './faults.ts';
import { type Inode, pathOfFolder } from './inode.ts';
import { makePerson, type Person } from './person.ts';
import { cutPower, renumber } from './power-cut.ts';
import { makeResolver } from './resolve.ts';
import { openProcess, type SimProcess } from './sim-process.ts';
import { ext4, type SimTraits } from './sim-traits.ts';
import { type DiskSnapshot, snapshotOf } from './snapshot.ts';
import { makeVolume } from './volume.ts';

/** `folder` as it is called now. */
export interface DiskChange {
  readonly what: 'came' | 'went' | 'changed';
  /** Absolute; null if it was removed. */
  readonly folder: string | null;
  readonly name: string;
  readonly isFolder: boolean;
}

/**
 * A disk in memory, of one simulated computer. Nothing on it takes time, and all that is left open is decided by `dice`.
 *
 * ```ts
 * const disk = makeSimDisk({ clock, dice, traits: simDisks.apfs });
 * disk.person.makeFolder('/home/sync');
 * const program = disk.open();
 * const fs = openNodeFileSystem('/home/sync', { disk: program, random: dice, now: clock.now, slice: makeTimeSlice(clock) });
 * disk.crash({ powerCut: true }); // the program is dead: open another one
 * ```
 */
export interface SimDisk {
  readonly traits: SimTraits;
  /** A program's way to the disk, good until the next crash. */
  open(): SimProcess;
  /** Other programs. They meet no faults and no locks, live through crashes, and count for nothing. */
  readonly person: Person;
  /** For calls of programs from now on. Returns how to take it back. */
  fail(fault: Fault): () => void;
  /** Another program does something in the middle of what a program does. */
  readonly meet: Faults['meet'];
  /** Also what was to be met. */
  clearFaults(): void;
  /** A program of the person holds the file: others find it busy until the result is called, or a crash. */
  lock(path: string): () => void;
  /** All programs die. With a power cut, what they wrote and did not sync may be gone, whole or in part. */
  crash(options?: { readonly powerCut?: boolean }): void;
  /** All that is on it now. The result puts that back, and ends all programs: a machine goes back to its snapshot. */
  image(): () => void;
  /** What programs see below a folder. */
  snapshot(folder: string): DiskSnapshot;
  /** A file's content; null if there is no file. It stays as it is. */
  contentOf(path: string): Uint8Array | null;
  /** Told of every change at once, in the middle of it: note it and do nothing else. Returns how to stop. */
  listen(listener: (change: DiskChange) => void): () => void;
  /** Bytes that may still be written. */
  readonly freeSpace: number;
}

export function makeSimDisk(options: {
  readonly clock: Pick<Clock, 'now'>;
  readonly dice: Dice;
  readonly traits?: SimTraits;
}): SimDisk {
  const { clock, dice, traits = ext4 } = options;
  const volume = makeVolume(traits, clock, dice);
  const faults = makeFaults(dice);
  const running = new Set<SimProcess>();
  const locked = new Set<Inode>();

  const openPerson = (): SimProcess => openProcess(volume, null, () => undefined);
  const person = openPerson();
  const { find } = makeResolver(
    volume,
    () => null,
    () => true,
  );

  function syncAll(): void {
    volume.journal.syncAll();
    for (const inode of volume.dirty) flush(inode);
    volume.dirty.clear();
  }

  function everything(folder: Inode, found = new Set<Inode>()): Set<Inode> {
    for (const { inode } of folder.entries.values()) {
      found.add(inode);
      if (inode.kind === 'folder') everything(inode, found);
    }
    return found;
  }

  const crash: SimDisk['crash'] = ({ powerCut = false } = {}) => {
    for (const process of [...running]) process.end();
    for (const inode of locked) inode.isLocked = false;
    locked.clear();
    if (powerCut) cutPower(volume);
    else if (!traits.hasStableIds) renumber(volume, everything(volume.top));
  };

  return {
    traits,
    open: () => {
      const opened = openProcess(volume, faults, (process) => running.delete(process));
      running.add(opened);
      return opened;
    },
    person: makePerson(person, syncAll),
    fail: faults.add,
    meet: faults.meet,
    clearFaults: faults.clear,
    lock: (path) => {
      const inode = find(path, false, 'lock');
      inode.isLocked = true;
      locked.add(inode);
      return () => {
        inode.isLocked = false;
        locked.delete(inode);
      };
    },
    crash,
    image: () => {
      const putBack = takeImage(volume);
      return () => {
        crash();
        putBack();
        if (!traits.hasStableIds) renumber(volume, everything(volume.top));
      };
    },
    snapshot: (folder) => snapshotOf(find(folder, true, 'snapshot')),
    contentOf: (path) => {
      try {
        const { content } = find(path, true, 'read');
        return content === null ? null : frozenBytes(content);
      } catch {
        return null;
      }
    },
    listen: (listener) => {
      const tell = (event: { what: DiskChange['what']; folder: Inode; name: string; isFolder: boolean }): void =>
        listener({ what: event.what, folder: pathOfFolder(event.folder), name: event.name, isFolder: event.isFolder });
      volume.listeners.add(tell);
      return () => void volume.listeners.delete(tell);
    },
    get freeSpace() {
      return traits.capacity - volume.usedPages * 4096;
    },
  };
}
