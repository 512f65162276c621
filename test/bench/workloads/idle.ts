import { setTimeout as pause } from 'node:timers/promises';
import { writeSmallFiles } from '../data/small-files.ts';
import { forgetPeak, peakBytes, processSeconds, residentBytes } from '../measure/process-counters.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import type { Workload } from './workload.ts';

/** After the contestant says that it is done, in milliseconds, before its idleness is measured: what its start left is collected by then. */
const settling = 60_000;

/** W7: nothing happens in a folder with very many files that is watched: what that costs. */
export const idle: Workload = {
  ids: ['W7'],
  fits: ({ live }) => live !== null,
  run: (turn) =>
    onFreshVolume(turn, 1, async (place, volume) => {
      writeSmallFiles(place.folders[0], turn.size.many);
      const live = await turn.peer.live?.(place, 1);
      if (live === undefined) return;
      try {
        await live.quiet();
        await pause(settling);
        const pids = [...live.tools.daemons];
        for (const pid of pids) forgetPeak(pid);
        const before = sum(pids, processSeconds);
        const start = performance.now();
        await pause(turn.size.idleSeconds * 1000);
        const seconds = (performance.now() - start) / 1000;
        turn.record('W7', volume, {
          cpuPercent: ((sum(pids, processSeconds) - before) / seconds) * 100,
          devicePeakMb: sum(pids, peakBytes) / 1e6,
          residentMb: sum(pids, residentBytes) / 1e6,
          seconds,
        });
      } finally {
        await live.close();
      }
    }),
};

const sum = (pids: readonly number[], of: (pid: number) => number): number =>
  pids.reduce((all, pid) => all + of(pid), 0);
