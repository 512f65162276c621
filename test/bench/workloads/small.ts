import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeSmallFiles } from '../data/small-files.ts';
import { syncVolume } from '../volume.ts';
import { carry } from './carry.ts';
import { isForManyFiles } from './is-for-many-files.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import type { Workload } from './workload.ts';

/** W2: many small files, up and down. W4: the folder that they are all in, renamed. */
export const small: Workload = {
  ids: ['W2', 'W4'],
  fits: isForManyFiles,
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const top = join(place.folders[0], 'top');
      const contestant = await turn.peer.open(place);
      try {
        writeSmallFiles(top, turn.size.small);
        await syncVolume(place.root);
        await carry(turn, volume, contestant, place, 'W2');
        if (!turn.wants('W4')) return;
        renameSync(top, join(place.folders[0], 'renamed'));
        await carry(turn, volume, contestant, place, 'W4', { isUpOnly: !turn.peer.isSync });
      } finally {
        await contestant.close();
      }
    }),
};
