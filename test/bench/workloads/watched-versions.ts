import { eventually } from '../../helpers/eventually.ts';
import { become } from '../data/become.ts';
import { isAlike } from '../data/differences.ts';
import { sourceVersions } from '../data/source-versions.ts';
import { addCosts, type Cost, measure } from '../measure/measure.ts';
import { checkEqual } from './carry.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import { sourceTrees } from './source-trees.ts';
import type { Workload } from './workload.ts';

/**
 * W8 as people have it: two devices that watch, a source tree on one that becomes its next release, as by a checkout, until
 * the other one has that; the sums. Writing the edits is part of it.
 */
export const watchedVersions: Workload = {
  ids: ['W8'],
  fits: ({ live }) => live !== null,
  ...sourceTrees,
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const [first = '', ...later] = sourceVersions(turn.size.edits + 1);
      const [a, b] = place.folders;
      become(a, first);
      const live = await turn.peer.live?.(place, 2);
      if (live === undefined) return;
      try {
        await live.quiet();
        let sum: Cost | null = null;
        for (const version of later) {
          const cost = await measure(live.tools, place.root, async () => {
            const edited = become(a, version);
            const hasArrived = (): boolean => {
              while (edited.length > 0 && isAlike(a, b, edited.at(-1) ?? '')) edited.pop();
              return edited.length === 0;
            };
            await eventually(hasArrived, { within: 300_000, what: 'the next release on the other device' });
          });
          await live.quiet();
          checkEqual(turn, place);
          sum = sum === null ? cost : addCosts(sum, cost);
        }
        if (sum !== null) turn.record('W8 watched', volume, { ...sum });
      } finally {
        await live.close();
      }
    }),
};
