import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { countingDisk, countStatements, type StatementCount } from '../../helpers/count-work.ts';
import { eventually } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

/**
 * Work is counted where time would tell nothing on a busy machine. A file that was changed within the last moments is looked at
 * once more, as a further save could hide; how many these are is chance. So the devices' clock is ahead of the disk's by more than that
 * and by less than what they would take for a wrong clock: to them no file is so fresh.
 * A limit is a little above what it takes.
 */
const clock = { ...systemClock, now: () => systemClock.now() + 5_000 };

let world: SyncWorld;
let statements: StatementCount;
let disk: ReturnType<typeof countingDisk>;

beforeEach(async () => {
  statements = countStatements();
  disk = countingDisk();
  world = await syncWorld({ ...disk, clock });
});
afterEach(async () => {
  statements.stop();
  await world.close();
});

interface Work {
  readonly reads: number;
  readonly rows: number;
  readonly writes: number;
  readonly commits: number;
  readonly requests: number;
  readonly bytesPut: number;
  readonly opened: number;
  readonly looked: number;
  /** By name, which takes the way to it. */
  readonly named: number;
  readonly read: number;
  readonly listed: number;
  readonly names: number;
  readonly synced: number;
}

const totals = (): Work => {
  const of = (...names: string[]): number => names.reduce((sum, name) => sum + (disk.calls.get(name) ?? 0), 0);
  return {
    reads: statements.reads(),
    rows: statements.rows(),
    writes: statements.writes(),
    commits: statements.commits(),
    requests: world.storage.calls.length,
    bytesPut: world.storage.bytesPut(),
    opened: of('openSync'),
    looked: of('lstatSync', 'bigLstatSync', 'fstatSync', 'statSync'),
    named: of('lstatSync', 'bigLstatSync', 'statSync'),
    read: of('read', 'readSync'),
    listed: of('readdirSync', 'readdirBytesSync'),
    names: of('names'),
    synced: of('fsync', 'fsyncSync', 'syncVolume'),
  };
};

async function workOf(task: () => Promise<unknown>): Promise<Work> {
  const before = totals();
  await task();
  const after = totals();
  const names = Object.keys(after) as (keyof Work)[];
  return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Work;
}

const folders = 10;
function makeFiles(device: WorldDevice, name: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const folder = join(device.folder, name, `d${i % folders}`);
    if (i < folders) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `f${i}`), `${name} ${i} `.repeat(200));
  }
}

const few = 100;
const many = 500;

/** What each further file costs, from a small and a larger number of them. */
const perFile = (small: Work, large: Work): Work => {
  const names = Object.keys(large) as (keyof Work)[];
  return Object.fromEntries(names.map((name) => [name, (large[name] - small[name]) / (many - few)])) as unknown as Work;
};

function expectAtMost(work: Work, most: Partial<Work>): void {
  for (const [name, limit] of Object.entries(most)) expect(work[name as keyof Work], name).toBeLessThanOrEqual(limit);
}

test('each new file costs so many statements, calls of the disk and bytes, up and down; requests and syncs are shared', async () => {
  const a = await world.device('A');
  const b = await world.device('B');
  await a.pair.sync();
  await b.pair.sync();
  makeFiles(a, 'few', few);
  const fewUp = await workOf(() => a.pair.sync());
  const fewDown = await workOf(() => b.pair.sync());
  makeFiles(a, 'many', many);
  const manyUp = await workOf(() => a.pair.sync());
  const manyDown = await workOf(() => b.pair.sync());
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
  expectAtMost(perFile(fewUp, manyUp), {
    reads: 0.4,
    writes: 4.4,
    commits: 0.05,
    requests: 0.1,
    // A sealed file of up to 4 KiB and its tag.
    bytesPut: 4112,
    opened: 1.4,
    looked: 4.2,
    named: 1.6,
    read: 1.1,
    listed: 0.3,
    synced: 0.14,
  });
  expectAtMost(perFile(fewDown, manyDown), {
    reads: 6.6,
    writes: 4.5,
    commits: 0.02,
    requests: 0.02,
    bytesPut: 0,
    opened: 1.2,
    looked: 2.6,
    read: 0.1,
    listed: 0.3,
    synced: 0.05,
  });
  expect(manyUp.requests).toBeLessThanOrEqual(28);
  expect(manyUp.commits).toBeLessThanOrEqual(28);
  expect(manyDown.synced).toBeLessThanOrEqual(35);
});

test('in the first sync of a folder no file is asked for old versions', async () => {
  const a = await world.device('A');
  makeFiles(a, 'some', many);
  expectAtMost(await workOf(() => a.pair.sync()), { reads: 300 });
  const b = await world.device('B');
  expectAtMost(await workOf(() => b.pair.sync()), { reads: 6.6 * many });
});

test('nothing to do costs a look at each folder, and nothing else for each file', async () => {
  const a = await world.device('A');
  makeFiles(a, 'some', many);
  await a.pair.sync();
  // Times that were too fresh to trust are taken up first.
  await a.pair.sync();
  const work = await workOf(() => a.pair.sync());
  expectAtMost(work, {
    reads: 60,
    writes: 0,
    commits: 0,
    requests: 1,
    bytesPut: 0,
    read: 0,
    synced: 0,
    listed: 20,
    opened: 20,
  });
  expect(work.looked).toBeLessThanOrEqual(many + 100);
});

test('a start lists each folder once, whatever rules it finds in them', async () => {
  const a = await world.device('A');
  makeFiles(a, 'some', many);
  for (let i = 0; i < folders; i++) writeFileSync(join(a.folder, `some/d${i}/.holdfastignore`), `*.${i}\n`);
  await a.pair.sync();
  await a.pair.sync();
  const { pair } = await a.restart();
  const work = await workOf(async () => {
    await pair.start();
    await eventually(() => pair.status().state === 'up-to-date', { what: 'the end of the start' });
  });
  // And the app's own, for what a former process left.
  expect(work.listed).toBeLessThanOrEqual(folders + 2 + 2);
  expect(work.looked).toBeLessThanOrEqual(many + 200);
});

test('a folder that is renamed costs the same whatever is in it', async () => {
  const a = await world.device('A');
  const b = await world.device('B');
  makeFiles(a, 'some', many);
  await a.pair.sync();
  await b.pair.sync();
  await a.pair.sync();
  await b.pair.sync();
  renameSync(join(a.folder, 'some'), join(a.folder, 'other'));
  const up = await workOf(() => a.pair.sync());
  const down = await workOf(() => b.pair.sync());
  expectAtMost(up, { reads: 100, writes: 20, commits: 4, requests: 3, bytesPut: 0, read: 0, opened: 20 });
  expectAtMost(down, { reads: 100, writes: 20, commits: 4, requests: 2, bytesPut: 0, read: 0, opened: 25, synced: 3 });
  expect(readTree(b.folder)).toEqual(readTree(a.folder));
});

/** Ends when neither device did anything for a while. */
async function calm(): Promise<void> {
  const done = (): number => statements.reads() + (disk.calls.get('lstatSync') ?? 0);
  let before = -1;
  let since = 0;
  await eventually(() => {
    if (done() !== before) since = performance.now();
    before = done();
    return performance.now() - since > 300;
  });
}

/** What changes cost in a folder of `count` files that two devices watch, on both. */
async function changesAmong(count: number): Promise<Work> {
  const a = await world.device('A');
  const b = await world.device('B');
  const at = (name: string): string => join(a.folder, name);
  for (let i = 0; i < count; i++) writeFileSync(at(`f${i}`), `content ${i}`);
  mkdirSync(at('other'));
  await a.pair.sync();
  await b.pair.sync();
  for (const { pair } of [a, b]) await pair.start();
  await calm();
  const arrive = async (): Promise<void> => {
    await eventually(() => {
      b.pair.hint(world.storage.vault(world.vault).entries.length);
      expect(readTree(b.folder)).toEqual(readTree(a.folder));
      return true;
    });
    await calm();
  };
  const work = await workOf(async () => {
    writeFileSync(at('f1'), 'saved in place');
    await arrive();
    writeFileSync(at('f2.new'), 'saved by renaming');
    renameSync(at('f2.new'), at('f2'));
    await arrive();
    writeFileSync(at('new'), 'a new one');
    await arrive();
    renameSync(at('f3'), at('renamed'));
    await arrive();
    renameSync(at('f4'), at('other/moved'));
    await arrive();
  });
  for (const { pair } of [a, b]) await pair.close();
  return work;
}

test.runIf(process.platform === 'linux')('a change costs the same whatever else is in its folder', async () => {
  const small = await changesAmong(20);
  await world.close();
  world = await syncWorld({ ...disk, clock });
  const large = await changesAmong(1000);
  // Hints come one by one or together.
  for (const what of ['reads', 'rows', 'looked', 'opened'] as const)
    expect(large[what], what).toBeLessThan(2 * small[what]);
  expect(large.names).toBeLessThan(500);
});
