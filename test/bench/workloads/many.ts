import { writeSmallFiles } from '../data/small-files.ts';
import { measure } from '../measure/measure.ts';
import { syncVolume } from '../volume.ts';
import { carry } from './carry.ts';
import { isForManyFiles } from './is-for-many-files.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import type { Workload } from './workload.ts';

/** W5: very many small files: the first sync, and a run that finds nothing changed. */
export const many: Workload = {
  ids: ['W5'],
  fits: isForManyFiles,
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const contestant = await turn.peer.open(place);
      try {
        writeSmallFiles(place.folders[0], turn.size.many);
        await syncVolume(place.root);
        await carry(turn, volume, contestant, place, 'W5 first');
        const again = contestant.up ?? contestant.across;
        if (again !== null) turn.record('W5 again', volume, await measure(contestant.tools, place.root, again));
      } finally {
        await contestant.close();
      }
    }),
};
