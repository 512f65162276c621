import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { eventually } from '../../helpers/eventually.ts';
import { differences } from '../data/differences.ts';
import { randomBytes } from '../data/random-bytes.ts';
import { measure } from '../measure/measure.ts';
import { onFreshVolume } from './on-fresh-volume.ts';
import type { Workload } from './workload.ts';

const devices = 3;
const mostBytes = 65_536;

/** W9: three devices write many files into one folder at once; until all three hold all of it. */
export const three: Workload = {
  ids: ['W9'],
  fits: ({ live }) => live !== null,
  run: (turn) =>
    onFreshVolume(turn, devices, async (place, volume) => {
      const live = await turn.peer.live?.(place, devices);
      if (live === undefined) return;
      try {
        await live.quiet();
        const { ofEach } = turn.size;
        const random = randomBytes('three');
        const content = Array.from({ length: ofEach * devices }, (_, at) => random(1024 + ((at * 7919) % mostBytes)));
        const cost = await measure(live.tools, place.root, async () => {
          for (const folder of place.folders) mkdirSync(join(folder, 'together'), { recursive: true });
          for (let at = 0; at < ofEach; at++) {
            for (const [device, folder] of place.folders.entries()) {
              const name = join(folder, 'together', `device-${device}-${at}.dat`);
              writeFileSync(name, content[at * devices + device] ?? '');
            }
            await turnOfLoop();
          }
          const hasAll = (folder: string): boolean => countFiles(join(folder, 'together')) === ofEach * devices;
          await eventually(() => place.folders.every(hasAll), { within: 300_000, what: 'all files on all devices' });
        });
        for (const folder of place.folders.slice(1)) {
          const found = differences(place.folders[0], folder);
          if (found.length > 0) throw new Error(`${turn.peer.name} left differences: ${found.join(', ')}`);
        }
        turn.record('W9', volume, { ...cost });
      } finally {
        await live.close();
      }
    }),
};

/** Without what a contestant has not finished yet, which has a name of its own. */
const countFiles = (folder: string): number => readdirSync(folder).filter((name) => !name.startsWith('.')).length;
