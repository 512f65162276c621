import { randomFillSync } from 'node:crypto';
import {
  appendFileSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FileSystem } from '../../../src/local/file-system.ts';
import { eventually, patience } from '../../helpers/eventually.ts';
import { randomSteps } from '../../helpers/random-steps.ts';
import type { DeviceSetup, ScenarioDevice } from '../../helpers/scenario-device.ts';
import { expectOracles } from '../../helpers/scenario-oracles.ts';
import { inStep, issuesOf, withDevices } from '../../helpers/scenario-steps.ts';
import { worldOfTests } from '../../helpers/world-of-tests.ts';

/** The sizes of `npm test` take seconds; those of `npm run big` are the real ones, and take a long time. */
const isReal = process.env['HOLDFAST_BIG'] === '1';
const sizes = isReal
  ? { large: 1024, oneFolder: 50_000, files: 78_579, versions: 10, project: 4000, edits: 100_000, half: 20_000 }
  : { large: 12, oneFolder: 600, files: 600, versions: 5, project: 150, edits: 1500, half: 200 };
const timeout = isReal ? 3_600_000 : 240_000;
const within = isReal ? 600_000 : patience;

const mib = 1024 * 1024;
/** Room for the log entry and padding beside the chunks that a change takes. */
const slack = mib / 4;

const world = worldOfTests();

const on =
  (body: (a: ScenarioDevice, b: ScenarioDevice) => Promise<void>, setups: readonly DeviceSetup[] = []) =>
  (): Promise<void> =>
    withDevices(world, setups, body);

function writeLarge(path: string, size: number): void {
  const block = Buffer.alloc(mib);
  const file = openSync(path, 'w');
  for (let i = 0; i < size; i++) writeSync(file, randomFillSync(block));
  closeSync(file);
}

/** Small files of their own contents, 50 to a folder. */
function writeMany(root: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const folder = join(root, `d${Math.floor(i / 1000)}`, `e${Math.floor(i / 50)}`);
    if (i % 50 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${i}.txt`), `content of ${i}\n`.repeat(1 + (i % 60)));
  }
}

/** How often files were opened to be read, and folders listed. */
function countedDisk(): { setup: DeviceSetup; opened: string[]; listed: string[] } {
  const opened: string[] = [];
  const listed: string[] = [];
  const disk = (fs: FileSystem): FileSystem => ({
    ...fs,
    openFile: (path) => {
      opened.push(path);
      return fs.openFile(path);
    },
    readFiles: (files) => {
      opened.push(...files.map(({ path }) => path));
      return fs.readFiles(files);
    },
    listFolder: (path) => {
      listed.push(path);
      return fs.listFolder(path);
    },
    listNamed: (path, names) => {
      listed.push(path);
      return fs.listNamed(path, names);
    },
  });
  return { setup: { disk }, opened, listed };
}

/** Both watch, and come to hold the same by that alone. */
const sameByWatching = (a: ScenarioDevice, b: ScenarioDevice): Promise<unknown> =>
  eventually(
    () => {
      for (const device of [a, b]) expect(device.now.pair.status().state).toBe('up-to-date');
      expect(b.files.tree()).toEqual(a.files.tree());
      return true;
    },
    { within, what: 'the same on both, by watching alone', on: (wake) => b.now.pair.onStatus(wake) },
  );

describe('9 Big, deep, many', () => {
  test(
    `BIG-02 small changes of a file of ${sizes.large} MiB send a few chunks`,
    { timeout },
    on(async (a, b) => {
      const path = a.files.at('large');
      const chunk = sizes.large > 256 ? 4 * mib : mib;
      writeLarge(path, sizes.large);
      await inStep(a, b);
      const changes: readonly [string, () => void][] = [
        ['a byte at the end', () => appendFileSync(path, 'x')],
        [
          'a byte in the middle',
          () => {
            const file = openSync(path, 'r+');
            writeSync(file, 'y', (sizes.large / 2) * mib + 12_345);
            closeSync(file);
          },
        ],
        [
          'a byte at the front',
          () => {
            const next = `${path}.next`;
            writeFileSync(next, 'z');
            const source = openSync(path, 'r');
            appendFileSync(next, readFileSync(source));
            closeSync(source);
            renameSync(next, path);
          },
        ],
      ];
      for (const [what, change] of changes) {
        change();
        a.now.faults.resetCalls();
        await inStep(a, b);
        expect(a.now.faults.objectBytes, what).toBeLessThanOrEqual(2 * chunk + slack);
        expect(readFileSync(b.files.at('large')).equals(readFileSync(path)), what).toBe(true);
      }
      await expectOracles([a, b]);
    }),
  );

  test(
    `BIG-03 ${sizes.oneFolder} files in one folder`,
    { timeout },
    on(async (a, b) => {
      mkdirSync(a.files.at('d'));
      for (let i = 0; i < sizes.oneFolder; i++) writeFileSync(a.files.at(`d/file ${i}`), `${i}`);
      a.now.faults.resetCalls();
      await inStep(a, b);
      // Many small files to a request, both ways.
      expect(a.now.faults.calls.length + b.now.faults.calls.length).toBeLessThan(60 + sizes.oneFolder / 10);
      const page = await b.now.pair.list('d', { isRecursive: false, withDeleted: false });
      expect(page).toHaveLength(sizes.oneFolder);
      // One more is one more, not all of them again.
      a.files.write('d/one more', '1');
      a.now.faults.resetCalls();
      expect(await a.sync()).toMatchObject({ filesUp: 1, operations: 1 });
      expect(await b.sync()).toMatchObject({ filesDown: 1, operations: 1 });
      await expectOracles([a, b]);
    }),
  );

  const counted = countedDisk();
  test(
    `BIG-05, BIG-06 ${sizes.files} files; then a change of one is read, and nothing else`,
    { timeout },
    on(
      async (a, b) => {
        writeMany(a.files.root, sizes.files);
        const before = process.memoryUsage().rss;
        await inStep(a, b);
        expect(process.memoryUsage().rss - before).toBeLessThan((isReal ? 900 : 250) * mib);
        expect(b.files.tree()).toEqual(a.files.tree());
        await Promise.all([a.start(), b.start()]);
        await sameByWatching(a, b);
        counted.opened.length = 0;
        counted.listed.length = 0;
        const path = 'd0/e3/f151.txt';
        a.files.write(path, 'edited');
        await eventually(() => b.files.read(path) === 'edited', {
          what: 'the edit on the other disk',
          on: (wake) => b.now.pair.onStatus(wake),
        });
        await sameByWatching(a, b);
        expect(new Set(counted.opened)).toEqual(new Set([path]));
        expect(new Set(counted.listed)).toEqual(new Set(['d0/e3']));
        await expectOracles([a, b]);
      },
      [counted.setup],
    ),
  );

  test(
    `BIG-08 ${sizes.versions} versions of a project, one after the other, while the other device watches`,
    { timeout },
    on(async (a, b) => {
      const steps = randomSteps(8);
      const root = a.files.root;
      writeMany(root, sizes.project);
      let names = Object.keys(a.files.tree()).filter((path) => !path.endsWith('/'));
      const full = names.reduce((sum, path) => sum + statSync(a.files.at(path)).size, 0);
      await Promise.all([a.start(), b.start()]);
      await sameByWatching(a, b);
      const whole = a.now.faults.objectBytes;
      expect(whole).toBeGreaterThan(full);
      for (let version = 0; version < sizes.versions; version++) {
        a.now.faults.resetCalls();
        // As `rsync -a --delete` does: temporary names, renames over the old ones, deletes at the end.
        for (let i = 0; i < names.length / 20; i++) {
          const path = steps.pick(names);
          const hidden = a.files.at(join(path, '..', `.${version}-${i}.tmp`));
          writeFileSync(hidden, `${version} of ${path}\n`.repeat(10));
          renameSync(hidden, a.files.at(path));
        }
        for (let i = 0; i < 3; i++) rmSync(a.files.at(steps.pick(names)), { force: true });
        a.files.write(`new/${version}/file`, `new in ${version}`);
        names = Object.keys(a.files.tree()).filter((path) => !path.endsWith('/'));
        await sameByWatching(a, b);
        expect(a.now.faults.objectBytes).toBeLessThan(whole / 3);
      }
      await expectOracles([a, b]);
    }),
  );

  test(
    `BIG-09 half of ${2 * sizes.half} files deleted here while the other half is renamed there`,
    { timeout },
    on(async (a, b) => {
      for (const half of ['one', 'two']) {
        mkdirSync(a.files.at(half));
        for (let i = 0; i < sizes.half; i++) writeFileSync(a.files.at(`${half}/${i}`), `${half} ${i}`);
      }
      await inStep(a, b);
      rmSync(a.files.at('one'), { recursive: true });
      for (let i = 0; i < sizes.half; i++) renameSync(b.files.at(`two/${i}`), b.files.at(`two/renamed ${i}`));
      b.now.faults.resetCalls();
      // Half of all is where the person is asked, on each device.
      for (const device of [a, b]) {
        await device.sync();
        const held = await device.now.pair.issues();
        expect(held.map(({ kind }) => kind)).toEqual(['held-deletes']);
        expect(b.files.has('one/0')).toBe(true);
        await device.now.pair.resolve(String(held[0]?.id), 'allow');
        await device.sync();
      }
      await inStep(a, b);
      expect(b.now.faults.objectBytes).toBe(0);
      expect(Object.keys(a.files.tree())).toHaveLength(sizes.half + 1);
      expect(a.files.read('two/renamed 7')).toBe('two 7');
      expect(await issuesOf(b)).toEqual({});
      await expectOracles([a, b]);
    }),
  );

  test(
    `BIG-11 ${sizes.edits} edits as fast as they come`,
    { timeout },
    on(async (a, b) => {
      const steps = randomSteps(11);
      await Promise.all([a.start(), b.start()]);
      for (let i = 0; i < sizes.edits; i++) {
        a.files.write(`d${i % 7}/f${steps.below(40)}`, `edit ${i}`);
        if (i % 25 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await sameByWatching(a, b);
      // The edits of one moment go together: far fewer revisions than edits.
      const { length } = await a.now.pair.versions('d0/f0');
      expect(length).toBeLessThan(sizes.edits / 10);
      await expectOracles([a, b]);
    }),
  );
});
