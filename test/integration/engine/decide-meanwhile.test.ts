import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../../src/app/system-clock.ts';
import { must } from '../../../src/common/errors.ts';
import { eventually, soon } from '../../helpers/eventually.ts';
import { type SyncWorld, syncWorld, type WorldDevice } from '../../helpers/sync-world.ts';
import { readTree } from '../../helpers/tree.ts';

let world: SyncWorld;
let ahead = 0;
let open: () => void = () => undefined;
afterEach(async () => {
  open();
  await world.close();
});

const mebibyte = 1024 * 1024;
const size = 100 * mebibyte;
/** Requests of a piece or two, more than what is under way at once: they end a transfer that begins nothing new. */
const rest = 40;

/** A device with two versions of a file in its vault, the second one by the batch `batch`. */
async function withHistory(): Promise<{ readonly device: WorldDevice; readonly batch: string }> {
  ahead = 0;
  world = await syncWorld({ clock: { ...systemClock, monotonic: () => systemClock.monotonic() + ahead } });
  const device = await world.device('A');
  const old = join(device.folder, 'old');
  writeFileSync(old, 'first');
  await device.pair.sync();
  writeFileSync(old, 'second version');
  await device.pair.sync();
  const [latest] = await device.pair.activity({ limit: 1, before: null });
  return { device, batch: must(latest).batch };
}

/** From now on only so many of these calls get an answer, and others when that is raised; resolves when the first one waits. */
function gate(call: string, first: number): { readonly stuck: Promise<void>; let(more: number): void } {
  let left = first;
  let waiting: (() => void)[] = [];
  const stuck = Promise.withResolvers<void>();
  const raise = (more: number): void => {
    left += more;
    const all = waiting;
    waiting = [];
    for (const go of all) go();
  };
  world.storage.before = async (each) => {
    while (each === call && left <= 0) {
      stuck.resolve();
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    if (each === call) left--;
  };
  open = () => raise(Number.POSITIVE_INFINITY);
  return { stuck: stuck.promise, let: raise };
}

const decisions: readonly [string, (device: WorldDevice, batch: string) => Promise<unknown>][] = [
  ['undo', ({ pair }, batch) => pair.undo(batch)],
  ['restore', ({ pair }) => pair.restore('old', { revision: null })],
];

test.each(decisions)('a large upload gives way to %s, and goes on from where it was', async (_, decide) => {
  const { device, batch } = await withHistory();
  const { folder, pair } = device;
  const other = await world.device('B');
  writeFileSync(join(folder, 'large'), randomBytes(size));
  const before = world.storage.bytesPut();
  const line = gate('putObjects', 4);
  const run = pair.sync();
  await line.stuck;
  ahead += 1000;
  const decided = decide(device, batch);
  const states = new Set<string>();
  const stop = pair.onStatus(() => states.add(pair.status().state));
  line.let(rest);
  await soon(decided, 'what was decided');
  const first = world.storage.bytesPut() - before;
  expect(first).toBeLessThan(size * 0.5);
  open();
  expect(await run).toMatchObject({ isConverged: true, filesUp: 1 });
  stop();
  expect([...states]).not.toContain('paused');
  expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('first');
  expect(world.storage.bytesPut() - before).toBeLessThan(size * 1.05);
  await other.pair.sync();
  expect(readTree(other.folder)).toEqual(readTree(folder));
});

test('what runs by itself is said to sync all the while, and many small files are sent once', async () => {
  const { device, batch } = await withHistory();
  const { folder, pair } = device;
  await pair.start();
  await eventually(() => pair.status().state === 'up-to-date');
  const before = world.storage.bytesPut();
  const line = gate('putObjects', 4);
  for (let i = 0; i < 1000; i++) writeFileSync(join(folder, `small ${i}`), randomBytes(100_000));
  await line.stuck;
  ahead += 1000;
  const states: string[] = [];
  const stop = pair.onStatus(() => states.push(pair.status().state));
  const decided = pair.undo(batch);
  line.let(rest);
  await soon(decided, 'what was decided');
  expect(world.storage.bytesPut() - before).toBeLessThan(size * 0.5);
  open();
  await eventually(() => pair.status().state === 'up-to-date');
  stop();
  expect(new Set(states.filter((state) => state !== 'up-to-date'))).toEqual(new Set(['syncing']));
  expect(states.slice(0, -1)).not.toContain('up-to-date');
  expect(readFileSync(join(folder, 'old'), 'utf8')).toBe('first');
  expect(world.storage.bytesPut() - before).toBeLessThan(size * 1.2);
});

test.each([
  ['one that is large', [size]],
  ['many of a middle size', Array.from({ length: 25 }, () => 4 * mebibyte)],
])('a download gives way, too, and little is fetched again: %s', async (_, sizes) => {
  const { device, batch } = await withHistory();
  const other = await world.device('B');
  await other.pair.sync();
  for (const [i, bytes] of sizes.entries()) writeFileSync(join(device.folder, `file ${i}`), randomBytes(bytes));
  await device.pair.sync();
  const before = world.storage.bytesGot();
  const line = gate('getObjects', 4);
  const run = other.pair.sync();
  await line.stuck;
  ahead += 1000;
  const decided = other.pair.undo(batch);
  line.let(rest);
  await soon(decided, 'what was decided');
  expect(world.storage.bytesGot() - before).toBeLessThan(size * 0.6);
  open();
  expect(await run).toMatchObject({ isConverged: true, filesDown: sizes.length + 1 });
  expect(world.storage.bytesGot() - before).toBeLessThan(size * 1.05);
  await device.pair.sync();
  expect(readTree(other.folder)).toEqual(readTree(device.folder));
});
