import { become } from '../data/become.ts';
import { differences } from '../data/differences.ts';
import { sourceVersions } from '../data/source-versions.ts';
import { addCosts, type Cost } from '../measure/measure.ts';
import { say } from '../say.ts';
import { syncVolume } from '../volume.ts';
import { carryOnce } from './carry.ts';
import { isForManyFiles } from './is-for-many-files.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import { sourceTrees } from './source-trees.ts';
import type { Workload } from './workload.ts';

/** W8: successive releases of a real source tree, each replayed as edits on the one before, synced each time; the sums. */
export const versions: Workload = {
  ids: ['W8'],
  fits: isForManyFiles,
  ...sourceTrees,
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const [first = '', ...later] = sourceVersions(turn.size.edits + 1);
      const [a, b] = place.folders;
      const isUpOnly = !turn.peer.isSync;
      const contestant = await turn.peer.open(place);
      try {
        const sums = new Map<string, Cost>();
        become(a, first);
        await carryOnce(contestant, place, isUpOnly);
        for (const version of later) {
          become(a, version);
          await syncVolume(place.root);
          for (const [step, cost] of await carryOnce(contestant, place, isUpOnly)) {
            const sum = sums.get(step);
            sums.set(step, sum === undefined ? cost : addCosts(sum, cost));
          }
        }
        const missed = isUpOnly ? 0 : differences(a, b, 10_000).length;
        if (missed > 0) say(`${turn.peer.name} MISSED ${missed} changed files of W8`);
        if (missed > 0 && turn.peer.name === 'holdfast') throw new Error('what arrived is not what was there');
        for (const [step, cost] of sums) turn.record(`W8 ${step}`, volume, { ...cost, missed });
      } finally {
        await contestant.close();
      }
    }),
};
