import type { Index, IndexReader } from '../../db/index-port.ts';
import { isDiverged } from '../../plan/diverged.ts';
import type { IssueBook } from '../issue-book.ts';
import { heldCount } from '../loop/held-deletes.ts';

/** Nodes that differ and are to stay so: what is ignored, or deselected. */
export interface LeftOut {
  /** As of the last time that all else was settled. */
  readonly count: number;
  /** All that differs now is left out, held or blocked. */
  settled(): void;
  /** Some of it is wanted again. */
  forget(): void;
}

const countKey = 'left-out';

/** Remembered in the index: who starts without a server has to know it, and to look at each node that differs takes long. */
export function openLeftOut(index: Index, issues: Pick<IssueBook, 'find'>): LeftOut {
  const { read } = index;
  let count = Number(read.meta(countKey) ?? 0);
  const set = (now: number): void => {
    if (now === count) return;
    index.transaction((write) => write.setMeta(countKey, now));
    count = now;
  };
  return {
    get count() {
      return count;
    },
    settled() {
      const { diverged } = read.counts();
      set(diverged === 0 ? 0 : Math.max(0, diverged - heldCount(issues) - blockedCount(read)));
    },
    forget: () => set(0),
  };
}

/** Nodes that wait after a failure. They hold up nothing, but they are not synced. */
export function blockedCount(read: IndexReader): number {
  let count = 0;
  for (const { node } of read.blockedNodes()) {
    if (isDiverged(read.local(node), read.remote(node), read.synced(node))) count++;
  }
  return count;
}
