import { toHex } from '../common/bytes.ts';
import { diskError, diskReason } from '../common/disk-error.ts';
import { errnoOf } from '../common/errno.ts';
import type { Random } from '../common/ids.ts';
import { ownFolder } from '../common/name.ts';
import type { LocalRoot } from './local-root.ts';
import { lookAt, type NodeStat } from './node-stat.ts';

/**
 * Below `.holdfast`:
 * - `marker`: whose folder this is
 * - `holder`: which running program works in it
 * - `stage/<random>`: files being made; worthless after a crash
 * - `stage/leaving`: what loses its name in a move; brought back after a crash if it has no other one
 * - `parked/<key>/{origin,target,item}`: taken out of the tree for a moment; brought back after a crash
 * - `trash/<batch>[.<copy>]/<original path>`: replaced and deleted content
 */
export const stageFolder = [ownFolder, 'stage'] as const;
export const parkedFolder = [ownFolder, 'parked'] as const;
export const trashFolder = [ownFolder, 'trash'] as const;

/** How batches of the trash, and what is parked, are named: a name from elsewhere could lead out of our folder. */
export const ownName = /^[0-9A-Za-z_-]{1,64}$/;

/** A name that nothing has. */
export const freshName = (random: Random): string => toHex(random.bytes(16));

/** Makes the folder and its parents, private to the owner where they are new. */
export function ensureFolder(root: LocalRoot, names: readonly string[]): void {
  try {
    root.inFolder(names, () => undefined);
    return;
  } catch (error) {
    if (diskReason(error) !== 'vanished') throw error;
  }
  const parent = names.slice(0, -1);
  const name = names.at(-1);
  if (name === undefined) throw diskError('root-gone');
  ensureFolder(root, parent);
  root.inFolder(parent, (anchor) => {
    try {
      root.disk.mkdirSync(anchor.at(name), 0o700);
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
    }
  });
}

/** The names in a folder; none if it is missing. */
export function namesIn(root: LocalRoot, names: readonly string[]): readonly string[] {
  try {
    return root.inFolder(names, (anchor) => root.disk.readdirSync(anchor.folder));
  } catch (error) {
    if (diskReason(error) === 'vanished') return [];
    throw error;
  }
}

export const statIn = (root: LocalRoot, folder: readonly string[], name: string): NodeStat | null =>
  root.inFolder(folder, (anchor) => lookAt(root.disk, anchor.at(name), root.hasStableIds));

/** Removes one thing below `.holdfast` and all in it, following no link. Returns how many files went. */
export function removeTree(root: LocalRoot, folder: readonly string[], name: string): number {
  const stat = statIn(root, folder, name);
  if (stat === null) return 0;
  if (stat.kind !== 'folder') {
    root.inFolder(folder, (anchor) => root.disk.unlinkSync(anchor.at(name)));
    return 1;
  }
  let count = 0;
  for (const child of namesIn(root, [...folder, name])) count += removeTree(root, [...folder, name], child);
  root.inFolder(folder, (anchor) => root.disk.rmdirSync(anchor.at(name)));
  return count;
}
