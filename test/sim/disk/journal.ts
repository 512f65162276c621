import type { Dice } from '../random.ts';
import type { Inode, SimEntry } from './inode.ts';
import type { SimTraits } from './sim-traits.ts';

/** A key of a folder leads somewhere else from now on; null: nowhere. */
export interface Edit {
  readonly folder: Inode;
  readonly key: string;
  readonly entry: SimEntry | null;
}

interface Step {
  /** All of them arrive, or none. */
  readonly edits: readonly Edit[];
  readonly touched: readonly Inode[];
  readonly timeMs: number;
}

/** Changes of names that programs see and the medium does not have yet, in order. */
export interface Journal {
  add(edits: readonly Edit[], touched: readonly Inode[], timeMs: number): void;
  /** The entries of this folder are on the medium afterwards. */
  syncFolder(folder: Inode): void;
  syncAll(): void;
  /** The seed decides what else arrived; the rest is forgotten. What is older than `certainBeforeMs` did arrive. */
  cut(dice: Dice, certainBeforeMs: number): void;
}

function apply(step: Step): void {
  for (const { folder, key, entry } of step.edits) {
    if (entry === null) folder.medium.delete(key);
    else folder.medium.set(key, entry);
  }
}

export function makeJournal(order: SimTraits['journal']): Journal {
  let steps: Step[] = [];

  function applyFirst(count: number): void {
    for (let i = 0; i < count; i++) apply(steps[i] as Step);
    steps.splice(0, count);
  }

  /** Those in the folder, and what each of them builds on. */
  function applyWithCauses(folder: Inode): void {
    const needed = new Set<Inode>();
    const taken = new Set<Step>();
    for (let i = steps.length - 1; i >= 0; i--) {
      const step = steps[i] as Step;
      if (!step.edits.some((edit) => edit.folder === folder) && !step.touched.some((inode) => needed.has(inode)))
        continue;
      taken.add(step);
      for (const inode of step.touched) needed.add(inode);
    }
    for (const step of steps) if (taken.has(step)) apply(step);
    steps = steps.filter((step) => !taken.has(step));
  }

  /** Any set in which nothing arrived without what it builds on. */
  function applySome(dice: Dice): void {
    const share = dice.pick([0, 0.3, 0.7, 0.9, 1]);
    const missing = new Set<Inode>();
    for (const step of steps) {
      if (!step.touched.some((inode) => missing.has(inode)) && dice.chance(share)) apply(step);
      else for (const inode of step.touched) missing.add(inode);
    }
  }

  return {
    add: (edits, touched, timeMs) => void steps.push({ edits, touched, timeMs }),
    syncFolder: (folder) => {
      if (order === 'graph') applyWithCauses(folder);
      else applyFirst(steps.findLastIndex((step) => step.edits.some((edit) => edit.folder === folder)) + 1);
    },
    syncAll: () => applyFirst(steps.length),
    cut: (dice, certainBeforeMs) => {
      applyFirst(steps.findLastIndex((step) => step.timeMs < certainBeforeMs) + 1);
      if (order === 'graph') applySome(dice);
      else applyFirst(dice.chance(0.3) ? steps.length : dice.below(steps.length + 1));
      steps = [];
    },
  };
}
