import {
  appendFileSync,
  closeSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { eventually } from '../../helpers/eventually.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { bytesOf, trashedContents } from '../../helpers/scenario-files.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { inStep, withDevices } from '../../helpers/scenario-steps.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

const mib = 1024 * 1024;

const world = worldOfTests();

const live =
  (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>): (() => Promise<void>) =>
  () =>
    withDevices(world, [], async (a, b) => {
      await a.start();
      await b.start();
      await body(a, b);
    });

const same = (a: ScenarioDevice, b: ScenarioDevice): Promise<unknown> =>
  eventually(
    async () => {
      await a.expectUpToDate();
      await b.expectUpToDate();
      expect(b.files.tree()).toEqual(a.files.tree());
      return true;
    },
    { what: 'the same on both', on: (wake) => b.now.pair.onStatus(wake) },
  );

const versions = async (device: ScenarioDevice, path: string): Promise<number> =>
  (await device.now.pair.versions(path)).length;

describe.concurrent('15 Editors, partial writes: large, many, without end', () => {
  test(
    'EDT-11 a large file that is written for seconds is sent once or twice, and whole in the end',
    live(async (a, b) => {
      const file = openSync(a.files.at('image'), 'w');
      for (let i = 0; i < 48; i++) {
        writeSync(file, Buffer.alloc(mib, `piece ${i} `));
        await systemClock.sleep(40);
      }
      closeSync(file);
      await same(a, b);
      expect(await versions(a, 'image')).toBeLessThanOrEqual(4);
      // Pieces that stood already are not sent again with a later version.
      expect(a.now.faults.objectBytes).toBeLessThan(60 * mib);
    }),
  );

  test(
    'EDT-16 a file that is allocated whole and filled in any order arrives as it is in the end',
    live(async (a, b) => {
      const file = openSync(a.files.at('film'), 'w');
      ftruncateSync(file, 6 * mib);
      for (const i of [3, 0, 5, 1, 4, 2]) {
        writeSync(file, Buffer.alloc(mib, `piece ${i} `), 0, mib, i * mib);
        await systemClock.sleep(60);
      }
      closeSync(file);
      await same(a, b);
      expect(await versions(a, 'film')).toBeLessThanOrEqual(3);
    }),
  );

  test(
    'EDT-14 many files of long ago, unpacked at once, are all there',
    live(async (a, b) => {
      const then = new Date('2009-08-07T06:05:04Z');
      for (let i = 0; i < 800; i++) {
        if (i % 40 === 0) mkdirSync(a.files.at(`d${i / 40}`));
        const path = a.files.at(`d${Math.floor(i / 40)}/f${i}`);
        writeFileSync(path, bytesOf(`${i}`));
        utimesSync(path, then, then);
      }
      await same(a, b);
      expect(Object.keys(b.files.tree())).toHaveLength(820);
    }),
  );

  test(
    'a log that is written without end is on the other device meanwhile, once a second at most, and what else changes too',
    live(async (a, b) => {
      let isEnough = false;
      const begun = performance.now();
      const writing = (async () => {
        for (let line = 0; !isEnough; line++) {
          appendFileSync(a.files.at('log'), `line ${line}\n`);
          await systemClock.sleep(10);
        }
      })();
      try {
        await eventually(() => b.files.has('log'), { what: 'the log, while it is written' });
        a.files.write('note', 'between');
        await eventually(() => b.files.has('note'), { what: 'the note' });
      } finally {
        isEnough = true;
        await writing;
      }
      const seconds = (performance.now() - begun) / 1000;
      await same(a, b);
      expect(await versions(a, 'log')).toBeLessThanOrEqual(5 + seconds);
      await a.close();
      await b.close();
      await inStep(a, b);
      await expectOracles([a, b]);
    }),
  );

  test(
    'EDT-17 a program that holds a file open while a new one arrives: what it writes then is in the trash, whole',
    live(async (a, b) => {
      a.files.write('f', 'the first');
      await eventually(() => b.files.has('f'));
      await a.quiet();
      await b.quiet();
      const held = openSync(b.files.at('f'), 'r+');
      try {
        a.files.write('f', 'from a, longer');
        await eventually(() => b.files.read('f') === 'from a, longer');
        const saved = bytesOf('saved in place by b');
        writeSync(held, saved, 0, saved.length, 0);
        ftruncateSync(held, saved.length);
      } finally {
        closeSync(held);
      }
      expect(trashedContents(b.files.root)).toContain('saved in place by b');
      // By its name it is the new file, and a save of that is a new version.
      b.files.write('f', 'saved by name');
      await same(a, b);
      expect(a.files.tree()).toEqual({ f: 'saved by name' });
    }),
  );
});
