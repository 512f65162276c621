import type { SeenNode } from './disk/snapshot.ts';
import { nameOf } from './sim-folder.ts';

/** Which times files had by what people and their programs did, for each content; microseconds. */
export interface GivenTimes {
  note(tree: ReadonlyMap<string, SeenNode>): void;
  /** Whether a disk with steps of any length may show this time for the content. True for a content that nobody saved. */
  isGiven(content: string, mtimeUs: number): boolean;
}

/** Of the disks that there are. */
const steps = [1, 1_000_000, 2_000_000];

export function givenTimes(): GivenTimes {
  const times = new Map<string, Set<number>>();
  return {
    note(tree) {
      for (const { kind, bytes, mtimeUs } of tree.values()) {
        if (kind !== 'file') continue;
        const name = nameOf(bytes);
        const known = times.get(name);
        if (known === undefined) times.set(name, new Set([mtimeUs]));
        else known.add(mtimeUs);
      }
    },
    isGiven: (content, mtimeUs) =>
      [...(times.get(content) ?? [mtimeUs])].some((given) =>
        steps.some((step) => Math.floor(given / step) * step === mtimeUs),
      ),
  };
}
