import type { Sample } from '../results.ts';

const ours = 'holdfast';

/**
 * Of each measure the samples of one run: that in which Holdfast met the most contestants, the latest of several. What
 * the machine did beside it, the commit and the priority differ between runs, so numbers of two of them make no ratio.
 */
export function comparable(samples: readonly Sample[]): readonly Sample[] {
  return [...Map.groupBy(samples, ({ measure }) => measure).values()].flatMap((ofMeasure) => {
    const runs = [...Map.groupBy(ofMeasure, ({ run }) => run).entries()]
      .map(([run, found]) => ({ run, found, peers: new Set(found.map(({ peer }) => peer)) }))
      .filter(({ peers }) => peers.has(ours))
      .toSorted((one, two) => two.peers.size - one.peers.size || two.run.localeCompare(one.run));
    return runs[0]?.found ?? [];
  });
}
