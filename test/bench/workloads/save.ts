import { randomBytes } from 'node:crypto';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { soon } from '../../helpers/eventually.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import { percentile } from './percentile.ts';
import type { Workload } from './workload.ts';

const bytes = 1024;
/** No more saves after so long, in milliseconds: slow contestants get fewer. */
const longest = 120_000;

/** W6: a save of 1 KiB on one device until it is on the disk of the other, both idle: by turns a new file and one saved again. */
export const save: Workload = {
  ids: ['W6'],
  fits: ({ live }) => live !== null,
  run: (turn) =>
    onFreshVolume(turn, 2, async (place, volume) => {
      const live = await turn.peer.live?.(place, 2);
      if (live === undefined) return;
      try {
        const { saves, savePause } = turn.size;
        const times: number[] = [];
        const start = performance.now();
        for (let at = 0; at < saves && performance.now() - start < longest; at++) {
          if (at === 0) await live.quiet();
          await pause(savePause);
          times.push(await timeOfSave(place.folders, at % 2 === 0 ? 'again.txt' : `new-${at}.txt`));
        }
        turn.record('W6', volume, {
          p50Ms: percentile(times, 0.5),
          p99Ms: percentile(times, 0.99),
          maxMs: Math.max(...times),
          saves: times.length,
        });
      } finally {
        await live.close();
      }
    }),
};

async function timeOfSave([a, b]: readonly [string, string, ...string[]], name: string): Promise<number> {
  const content = randomBytes(bytes);
  const target = join(b, name);
  const arrived = new Promise<number>((resolve) => {
    const watcher = watch(b, () => {
      if (!isContent(target, content)) return;
      watcher.close();
      resolve(performance.now());
    });
  });
  const start = performance.now();
  writeFileSync(join(a, name), content);
  return (await soon(arrived, 'a save on the other device', 60_000)) - start;
}

/** Contestants that replace a file take its name away for a moment. */
function isContent(file: string, content: Uint8Array): boolean {
  try {
    return readFileSync(file).equals(content);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
