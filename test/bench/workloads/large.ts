import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { writeEditedFile, writeLargeFile } from '../data/large-file.ts';
import { diskFolder, syncVolume } from '../volume.ts';
import { carry } from './carry.ts';
import { makePlace } from './make-place.ts';
import type { Workload } from './workload.ts';

const original = 'large.bin';
const edited = 'large-edited.bin';

/** W1: one large file, up and down. W3: the same after 1 MiB changed in its middle and a byte was inserted in front. */
export const large: Workload = {
  ids: ['W1', 'W3'],
  fits: () => true,
  prepare: async (base, { largeMib }) => {
    writeLargeFile(join(base, original), largeMib);
    writeEditedFile(join(base, original), join(base, edited));
    return null;
  },
  run: async (turn) => {
    const volume = await diskFolder(turn.base);
    const place = await makePlace(volume);
    const target = join(place.folders[0], 'large.bin');
    // Lent by renaming, so that no contestant begins while the disk is still busy with a copy.
    const lend = (name: string): void => renameSync(join(turn.base, name), target);
    const giveBack = (name: string): void => renameSync(target, join(turn.base, name));
    const contestant = await turn.peer.open(place);
    let lent = original;
    lend(lent);
    await syncVolume(place.root);
    try {
      await carry(turn, volume, contestant, place, 'W1');
      if (!turn.wants('W3')) return;
      giveBack(lent);
      lent = edited;
      lend(lent);
      await carry(turn, volume, contestant, place, 'W3', { isUpOnly: !turn.peer.isSync });
    } finally {
      giveBack(lent);
      await contestant.close();
      await volume.close();
    }
  },
};
