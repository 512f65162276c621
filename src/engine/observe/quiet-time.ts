/**
 * When a change on disk is old enough to be taken up. A program that saves is not done at once: it writes in pieces, moves
 * the old file aside and puts a new one in its place, empties before it fills. Read too early, half of a save becomes a
 * version, or a file that is only being replaced a delete. All times are milliseconds.
 */

/** A difference between the folder and what was agreed on, as far as it matters here. */
export type Change =
  /** A file has another content. `isNew`: it was not agreed on before. */
  | {
      readonly what: 'content';
      readonly size: number;
      readonly isNew: boolean;
      /** Its name is one that programs give to what they are not done with. */
      readonly isUnfinished: boolean;
    }
  /** It has another place, and the content that it had. `isSetAside`: under a name for the former state of a file. */
  | { readonly what: 'place'; readonly isSetAside: boolean }
  /** It is gone, and nothing has its name. */
  | { readonly what: 'gone' };

/** What was seen of the change so far. */
export interface Seen {
  /** Since it was as it is: by the time that the disk gives for it, or by when it was first seen so. */
  readonly still: number;
  /** Since it was first found not to be quiet; 0 at first. */
  readonly waited: number;
  /** It was seen to change meanwhile, or to grow again soon after it was taken up. */
  readonly isBusy: boolean;
  /** It was taken up so often, or is so large, that it has used up its share for a while. */
  readonly isHot: boolean;
  /** It is looked at again soon by itself. If not, somebody asked for it to be taken up now. */
  readonly isWatched: boolean;
}

/** The kernel's clock ticks every 1 to 10 ms: within that time two writes can leave the same time stamps. */
const tick = 15;
const second = 1000;
/** A file of this size is read within about a millisecond. */
const bytesPerMs = 64 * 1024;

/** What was not seen to change has to be left alone for no longer than this. */
export const longestQuiet = 2 * second;

function quietTime(change: Change, { isBusy, isHot, isWatched }: Seen): number {
  switch (change.what) {
    case 'gone':
      return second / 5;
    case 'place':
      return change.isSetAside ? second / 2 : tick;
    default: {
      // As long as it takes to read, which tells as well that it stays: who watches rather waits than reads in vain.
      const bySize = Math.min(tick + change.size / bytesPerMs, isWatched ? second : second / 10);
      // Hardly anybody empties a file: it is about to be filled.
      const byEmptiness = change.size > 0 ? 0 : change.isNew ? second / 4 : second;
      const byName = change.isUnfinished ? longestQuiet : 0;
      const byHistory = isHot ? second : isBusy ? second / 2 : 0;
      return Math.max(bySize, byEmptiness, byName, byHistory);
    }
  }
}

/** A file that is written for ever is taken up now and then nevertheless. */
function patience(change: Change, { isHot }: Seen): number {
  if (change.what === 'content' && change.isUnfinished) return 600 * second;
  return isHot ? 60 * second : 5 * second;
}

/** Pure. How long to wait before the change is looked at again; 0: take it up. */
export const timeToWait = (change: Change, seen: Seen): number =>
  Math.max(0, Math.min(quietTime(change, seen) - seen.still, patience(change, seen) - seen.waited));

/** Pure. Whether it was left alone for long enough, as opposed to waited for long enough. */
export const isQuiet = (change: Change, seen: Seen): boolean => quietTime(change, seen) <= seen.still;

/** How much of its share a file has used up: grows with each time that it is taken up, and is forgotten by and by. */
export interface Heat {
  readonly level: number;
  /** Monotonic. */
  readonly at: number;
}

const hotLevel = 240;
const coolingTime = 30 * second;
const bytesPerLevel = 1024 * 1024;

const levelAt = (heat: Heat, now: number): number => Math.max(0, heat.level - (now - heat.at) / coolingTime);

export const isHot = (heat: Heat, now: number): boolean => levelAt(heat, now) >= hotLevel;
export const isCold = (heat: Heat, now: number): boolean => levelAt(heat, now) === 0;

/** After a file of `size` bytes was taken up. */
export const heatUp = (heat: Heat, size: number, now: number): Heat => ({
  level: Math.min(levelAt(heat, now) + 1 + size / bytesPerLevel, 2 * hotLevel),
  at: now,
});
