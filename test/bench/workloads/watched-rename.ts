import { existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../helpers/eventually.ts';
import { writeSmallFiles } from '../data/small-files.ts';
import { measure } from '../measure/measure.ts';
import { checkEqual } from './carry.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import type { Workload } from './workload.ts';

/** W4 as people have it: two devices that watch, a top folder renamed on one until it has its new name on the other. */
export const watchedRename: Workload = {
  ids: ['W4'],
  fits: ({ live }) => live !== null,
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const [a, b] = place.folders;
      writeSmallFiles(join(a, 'top'), turn.size.small);
      const live = await turn.peer.live?.(place, 2);
      if (live === undefined) return;
      try {
        await live.quiet();
        const isThere = (): boolean => existsSync(join(b, 'renamed')) && !existsSync(join(b, 'top'));
        const cost = await measure(live.tools, place.root, async () => {
          renameSync(join(a, 'top'), join(a, 'renamed'));
          await eventually(isThere, { within: 120_000, what: 'the new name on the other device' });
        });
        await live.quiet();
        checkEqual(turn, place);
        turn.record('W4 watched', volume, { ...cost });
      } finally {
        await live.close();
      }
    }),
};
