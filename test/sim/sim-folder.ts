import { ownFolder } from '../../src/common/name.ts';
import type { Watcher, WatcherOptions } from '../../src/local/watcher.ts';
import { worldStart } from './account.ts';
import { contentName } from './content-book.ts';
import { makeSimDisk, type SimDisk } from './disk/sim-disk.ts';
import type { SimProcess } from './disk/sim-process.ts';
import type { SimTraits } from './disk/sim-traits.ts';
import { makeSimWatcher } from './disk/sim-watcher.ts';
import type { SeenNode } from './disk/snapshot.ts';
import type { DeviceSetup } from './history.ts';
import type { Life } from './life.ts';
import type { Dice } from './random.ts';
import type { Scheduler } from './scheduler.ts';

/** The folder of a pair on the disk of one simulated computer. */
export interface SimFolder {
  readonly path: string;
  readonly disk: SimDisk;
  /** Milliseconds that the computer's clock is ahead. */
  clockOffset: number;
  /** Share of watch hints that never come. */
  deafness: number;
  hasLostHints: boolean;
  /** When something in it was last changed by anybody, on the scheduler's clock. */
  readonly changedAt: number;
  /** Changes of anything outside of the app's own folder so far. */
  readonly changes: number;
  /** The disk is not there: an empty folder is in its place. */
  readonly isUnplugged: boolean;
  unplug(): void;
  plug(): void;
  /** A copy of it, as one with times and modes is made, is in its place from now on. */
  copyElsewhere(without: string | null): void;
  /** Told when the app was told of all changes so far. */
  onTold: () => void;
  openDisk(): SimProcess;
  watcher(options: WatcherOptions, own: Life): Watcher;
  /** A program syncs the folders above a path below it. */
  syncParents(path: string): void;
  /** What a person sees in it: without the app's own folder. */
  tree(): Map<string, SeenNode>;
  /** Names of the contents in it, and if asked for in the app's own folder: but not in its stage, where nothing is kept. */
  contents(withOwn: boolean): Set<string>;
  /** Names of the contents in the app's trash. */
  trash(): Set<string>;
}

const names = new WeakMap<Uint8Array, string>();

/** `contentName`, once for each content that stays as it is. */
export function nameOf(bytes: Uint8Array): string {
  let name = names.get(bytes);
  if (name === undefined) {
    name = contentName(bytes);
    names.set(bytes, name);
  }
  return name;
}

export function simFolder(
  scheduler: Scheduler,
  dice: Dice,
  traits: SimTraits,
  { deafness, lateness = 0 }: Pick<DeviceSetup, 'deafness' | 'lateness'>,
): SimFolder {
  const path = '/home/folder';
  const away = '/home/unplugged';
  let isUnplugged = false;
  let clockOffset = 0;
  const clock = { now: () => worldStart + scheduler.now + clockOffset };
  const disk = makeSimDisk({ clock, dice, traits });
  let changedAt = 0;
  let changes = 0;
  let late = 0;
  const own = `${path}/${ownFolder}`;
  const isOwn = (at: string): boolean => at === own || at.startsWith(`${own}/`);

  disk.listen((change) => {
    if (change.folder === null || isOwn(change.folder)) return;
    if (change.folder === path && change.name === ownFolder) return;
    changedAt = scheduler.now;
    changes++;
  });

  const contentsWhere = (isMeant: (at: string) => boolean): Set<string> => {
    const found = new Set<string>();
    for (const [at, { kind, bytes }] of disk.snapshot(isUnplugged ? away : path)) {
      if (kind === 'file' && isMeant(at)) found.add(nameOf(bytes));
    }
    return found;
  };

  const folder: SimFolder = {
    path,
    disk,
    get clockOffset() {
      return clockOffset;
    },
    set clockOffset(ms) {
      clockOffset = ms;
    },
    deafness,
    hasLostHints: false,
    get changedAt() {
      return changedAt;
    },
    get changes() {
      return changes;
    },
    get isUnplugged() {
      return isUnplugged;
    },
    unplug() {
      if (isUnplugged) return;
      isUnplugged = true;
      disk.person.rename(path, away);
      disk.person.makeFolder(path);
      disk.person.sync();
    },
    plug() {
      if (!isUnplugged) return;
      isUnplugged = false;
      disk.person.remove(path);
      disk.person.rename(away, path);
      disk.person.sync();
    },
    copyElsewhere(without) {
      const { person } = disk;
      person.sync();
      person.rename(path, away);
      person.makeFolder(path);
      for (const [at, { kind, mtimeUs, target }] of disk.snapshot(away)) {
        if (at === without || at.startsWith(`${without}/`)) continue;
        const to = `${path}/${at}`;
        if (kind === 'folder') person.makeFolder(to);
        else if (kind === 'symlink') person.symlink(to, target);
        else person.copy(`${away}/${at}`, to);
        if (kind === 'file') person.touch(to, mtimeUs);
      }
      person.remove(away);
      person.sync();
    },
    onTold: () => undefined,
    openDisk: () => disk.open(),
    watcher: (options, life) => {
      late = 0;
      return makeSimWatcher(disk, path, {
        ...options,
        onHint: (hint) => {
          if (!life.isAlive) return;
          options.onHint(hint);
          if (!folder.hasLostHints && late === 0) folder.onTold();
        },
        clock: life.clock(() => 0),
        dice,
        get deafness() {
          return life.isAlive ? folder.deafness : 0;
        },
        lateness,
        onLate: (change) => {
          late += change;
        },
        onLost: () => {
          folder.hasLostHints = true;
        },
      });
    },
    syncParents(below) {
      const parents = below.split('/').slice(0, -1);
      for (let depth = 0; depth <= parents.length; depth++) {
        disk.person.syncNode([path, ...parents.slice(0, depth)].join('/'));
      }
    },
    tree() {
      const seen = new Map<string, SeenNode>();
      for (const [at, node] of disk.snapshot(isUnplugged ? away : path)) {
        if (at !== ownFolder && !at.startsWith(`${ownFolder}/`)) seen.set(at, node);
      }
      return seen;
    },
    contents: (withOwn) => {
      const hidden = withOwn ? `${ownFolder}/stage/` : `${ownFolder}/`;
      return contentsWhere((at) => !at.startsWith(hidden));
    },
    trash: () => contentsWhere((at) => at.startsWith(`${ownFolder}/trash/`)),
  };
  disk.person.makeFolder(path);
  disk.person.sync();
  return folder;
}
