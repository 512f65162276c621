import { join } from 'node:path';
import { writeSmallFiles } from '../data/small-files.ts';
import type { Cost } from '../measure/measure.ts';
import { syncVolume } from '../volume.ts';
import { carry } from './carry.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import type { Workload } from './workload.ts';

/** A server in another country, by fibre. */
const line = { roundTripMs: 50, mbitPerSecond: 250 };

/** Loopback carries everything twice: to the line, and from there. */
const once = (numbers: Readonly<Record<string, number>> | Cost) => ({
  ...numbers,
  wireMb: (numbers as Cost).wireMb / 2,
});

/** W10: as W2, with a server that is far away. */
export const far: Workload = {
  ids: ['W10'],
  fits: ({ name }) => name === 'holdfast' || name === 'restic',
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const contestant = await turn.peer.open({ ...place, line });
      try {
        writeSmallFiles(join(place.folders[0], 'top'), turn.size.small);
        await syncVolume(place.root);
        const record: typeof turn.record = (measure, on, numbers) => turn.record(measure, on, once(numbers));
        await carry({ ...turn, record }, volume, contestant, place, 'W10');
      } finally {
        await contestant.close();
      }
    }),
};
