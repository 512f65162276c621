import { beforeEach, describe, expect, test } from 'vitest';
import { HoldfastError, must } from '../../../src/common/errors.ts';
import type { NodeId, ObjectId } from '../../../src/common/ids.ts';
import { restore } from '../../../src/engine/history/restore.ts';
import { undo } from '../../../src/engine/history/undo.ts';
import { defaultRetention, expiredRevisions } from '../../../src/engine/log/expired-revisions.ts';
import { addMark, isOlder, type Mark } from '../../../src/engine/log/history-age.ts';
import { pruneHistory } from '../../../src/engine/log/retention.ts';
import type { FileSystem } from '../../../src/local/file-system.ts';
import * as rows from '../../contract/index-fixtures.ts';
import {
  dayMs,
  hourMs,
  type VaultContextWorld,
  type VaultDevice,
  vaultContextWorld,
} from '../../helpers/vault-context.ts';

let world: VaultContextWorld;
let device: VaultDevice;
let expired: number[];
/** The batches of the trash; by their times on disk all of them are ancient. */
let trash: string[];

beforeEach(async () => {
  expired = [];
  trash = [];
  const fs = {
    trashBatches: async () => [...trash],
    expireTrash: async (before: number, mayGo: (batch: string) => boolean) => {
      trash = trash.filter((batch) => !mayGo(batch));
      expired.push(before);
      return 0;
    },
  } as unknown as Partial<FileSystem>;
  world = vaultContextWorld('retention', fs);
  device = world.device(0);
  await device.context.pull();
});

const prune = (of: VaultDevice = device) => pruneHistory(of.context);

/** Lets so many days pass, with a look at the history on each. */
async function pass(days: number, of: VaultDevice = device): Promise<number> {
  let released = 0;
  for (let day = 0; day < days; day++) {
    world.clock.time += dayMs;
    released += await prune(of);
  }
  return released;
}

async function start(of: VaultDevice = device): Promise<void> {
  await prune(of);
  world.clock.time += dayMs;
  await prune(of);
}

const kept = (node: NodeId): number => device.index.read.revisionsOf(node).length;

/** Objects that the server keeps by the lists of the log alone. */
function heldByServer(): Set<ObjectId> {
  const held = new Set<ObjectId>();
  for (const { retained, released } of world.storage.vault(world.vault).entries) {
    for (const id of retained) held.add(id);
    for (const id of released) held.delete(id);
  }
  return held;
}

describe('which versions go', () => {
  const file = { ...rows.remote({ id: rows.node(1), revision: rows.revision(5) }), ...rows.stamp(9), isDeleted: false };
  const all = [5, 4, 3, 2, 1].map((n) => rows.version(n, file.id, n));
  const ids = (ns: number[]) => ns.map(rows.revision);

  test('those past the newest ones whose successor is old; never the current one', () => {
    expect(expiredRevisions(file, all, () => true, 3)).toEqual(ids([2, 1]));
    expect(expiredRevisions(file, all, () => true, 0)).toEqual(ids([4, 3, 2, 1]));
    expect(expiredRevisions(file, all, ({ seq }) => seq <= 2, 0)).toEqual(ids([1]));
    expect(expiredRevisions(file, all, () => false, 0)).toEqual([]);
  });

  test('all of a file deleted long ago; of one deleted lately as of a live one', () => {
    const deleted = { ...file, isDeleted: true };
    expect(expiredRevisions(deleted, all, () => true, 10)).toEqual(ids([5, 4, 3, 2, 1]));
    expect(expiredRevisions(deleted, all, ({ seq }) => seq < 9, 4)).toEqual(ids([1]));
  });

  test('the current version stays even if it is not the newest by seq', () => {
    const odd = { ...file, revision: rows.revision(2) };
    expect(expiredRevisions(odd, all, () => true, 0)).toEqual(ids([4, 3, 1]));
  });
});

describe('what is old', () => {
  const at = (seq: number, days: number) => ({ ...rows.stamp(seq), timeUs: days * dayMs * 1000 });
  const marks: Mark[] = [
    { at: 10 * dayMs, seq: 5 },
    { at: 20 * dayMs, seq: 9 },
  ];

  test('is what claims to be and was seen for as long', () => {
    const isOld = isOlder(marks, 45 * dayMs, 30 * dayMs);
    expect(isOld(at(5, 14))).toBe(true);
    expect(isOld(at(5, 16))).toBe(false);
    expect(isOld(at(6, -1000))).toBe(false);
  });

  test('a device that has just come to the vault finds nothing old', () => {
    expect(isOlder(addMark([], 1e12, 500), 1e12, 30 * dayMs)(at(1, 0))).toBe(false);
  });

  test('marks are one a day, and those of a future that did not come are dropped', () => {
    let made: readonly Mark[] = [];
    for (let hour = 0; hour < 72; hour++) made = addMark(made, hour * hourMs, hour);
    expect(made.map((mark) => mark.seq)).toEqual([0, 24, 48]);
    expect(addMark(made, 30 * hourMs, 48).map((mark) => mark.at)).toEqual([0, 24 * hourMs]);
    expect(addMark(made, 90 * hourMs, 40).map((mark) => mark.seq)).toEqual([0, 24, 40]);
  });

  test('after a leap of the clock everything counts as seen from then on', () => {
    expect(addMark(marks, 36 * dayMs, 9)).toEqual([{ at: 36 * dayMs, seq: 9 }]);
    expect(addMark(marks, 35 * dayMs, 9)).toEqual([...marks, { at: 35 * dayMs, seq: 9 }]);
  });
});

describe('a run', () => {
  test('releases what is old, with the objects that nothing else needs, and once', async () => {
    const file = await device.file('a', 'version 0');
    for (let i = 1; i <= 14; i++) await device.edit(file, `version ${i}`);
    await start();
    expect(await pass(28)).toBe(0);
    expect(await pass(2)).toBe(5);
    expect(kept(file)).toBe(10);
    expect(heldByServer().size).toBe(10);
    expect(await pass(40)).toBe(0);
    expect(expired.at(-1)).toBe(world.clock.now() - defaultRetention.trashMs);
  });

  test('forgets who changed what after a while, and until then it can be undone', async () => {
    const file = await device.file('a', 'version 0');
    await device.edit(file, 'version 1');
    const [edit, create] = device.index.read.batches({ limit: 9 });
    await start();
    await pass(28);
    expect(device.index.read.batches({ limit: 9 })).toHaveLength(2);
    const undone = await undo(device.context, must(edit).id);
    await pass(2);
    expect(device.index.read.batches({ limit: 9 }).map((row) => row.id)).toEqual([undone.batch]);
    await expect(undo(device.context, must(create).id)).rejects.toMatchObject({ kind: 'missing' });
    await pass(29);
    expect(device.index.read.batches({ limit: 9 })).toEqual([]);
  });

  test('a version that was current until yesterday stays, however old it is', async () => {
    const file = await device.file('a', 'ancient');
    await start();
    await pass(60);
    for (let i = 1; i <= 14; i++) await device.edit(file, `version ${i}`);
    expect(await pass(29)).toBe(0);
    expect(kept(file)).toBe(15);
    expect(await pass(2)).toBe(5);
  });

  test('a file deleted long ago cannot be restored any more; what lives on shares its objects unharmed', async () => {
    const gone = await device.file('gone', 'shared');
    const lives = await device.file('lives', 'shared');
    await device.file('alone', 'not shared');
    await device.append({ type: 'delete', node: gone });
    const alone = must(device.index.read.remoteByName('0'.repeat(32) as NodeId, 'alone')).id;
    await device.append({ type: 'delete', node: alone });
    await start();
    expect(await pass(31)).toBe(2);
    expect(kept(lives)).toBe(1);
    expect(heldByServer().size).toBe(1);
    await expect(restore(device.context, 'gone', { revision: null })).rejects.toMatchObject({ kind: 'missing' });
    const other = world.device(1);
    await other.context.pull();
    expect(other.index.read.revisionsOf(gone)).toEqual([]);
    expect(other.index.read.isTombstone(gone)).toBe(false);
  });

  test('what a large file needs through its pages counts as well', async () => {
    const long = Uint8Array.from({ length: 600 }, (_, i) => i % 7);
    const first = await device.file('first', long);
    await device.file('second', long);
    await device.append({ type: 'delete', node: first });
    await start();
    const before = heldByServer();
    expect(await pass(31)).toBe(1);
    // Only the page was its own.
    expect(heldByServer().size).toBe(before.size - 1);
  });

  test('if a page of anything kept cannot be read, nothing is released', async () => {
    await device.file('kept', new Uint8Array(600).fill(1));
    const gone = await device.file('gone', 'x');
    await device.append({ type: 'delete', node: gone });
    await start();
    world.storage.before = (call) => {
      if (call === 'getObjects') throw new HoldfastError('offline', 'no line');
    };
    expect(await pass(40)).toBe(0);
    expect(kept(gone)).toBe(1);
    world.storage.before = () => undefined;
    expect(await pass(1)).toBe(1);
  });

  test('a piece that was released is retained again by whoever uses it again', async () => {
    const gone = await device.file('gone', 'the same bytes');
    await device.append({ type: 'delete', node: gone });
    const other = world.device(1);
    await other.context.pull();
    await start();
    await pass(31);
    expect(heldByServer().size).toBe(0);
    await device.file('again', 'the same bytes');
    expect(heldByServer().size).toBe(1);
  });

  test('an entry of another device that comes first is no harm: it looks again', async () => {
    const gone = await device.file('gone', 'shared');
    await device.append({ type: 'delete', node: gone });
    await start();
    await pass(28);
    const other = world.device(1);
    await other.context.pull();
    world.clock.time += 2 * dayMs;
    // The other one brings it back while this device decides.
    await restore(other.context, 'gone', { revision: null });
    expect(await prune()).toBe(0);
    expect(kept(gone)).toBe(1);
    expect(device.index.read.remote(gone)).not.toBeNull();
    expect(await pass(3)).toBe(0);
    expect(heldByServer().size).toBe(1);
  });

  test('a clock that leaps empties nothing, neither history nor trash', async () => {
    const gone = await device.file('gone', 'x');
    await device.append({ type: 'delete', node: gone });
    await start();
    const trashed = expired.length;
    world.clock.time += 3000 * dayMs;
    expect(await prune()).toBe(0);
    world.clock.time += 23 * hourMs;
    expect(await prune()).toBe(0);
    expect(await pass(28)).toBe(0);
    expect(expired).toHaveLength(trashed);
    world.clock.time -= 3000 * dayMs;
    expect(await pass(1)).toBe(0);
    expect(kept(gone)).toBe(1);
  });

  test('what was there when the clock leapt is kept for as long from then on', async () => {
    const gone = await device.file('gone', 'x');
    await device.append({ type: 'delete', node: gone });
    await start();
    await pass(27);
    world.clock.time += 365 * dayMs;
    expect(await pass(29)).toBe(0);
    expect(expired).toEqual([]);
    expect(await pass(3)).toBe(1);
    expect(expired.length).toBeGreaterThan(0);
  });

  test('after a clock was set back it is not put off until the former time comes again', async () => {
    await start();
    await pass(45);
    world.clock.time -= 10 * dayMs;
    const times = expired.length;
    for (let day = 0; day < 3; day++) await pass(1);
    expect(expired.length).toBeGreaterThan(times);
  });

  test.each([
    ['goes with all that is known of it', true, 0],
    ['goes with its pages alone where nothing else is known', false, 20],
  ])('a version whose pages the server lacks is waited for as long again, then %s', async (_, isAuthor, left) => {
    const lives = await device.file('lives', 'lives');
    const gone = await device.file(
      'gone',
      Uint8Array.from({ length: 600 }, (_, i) => i >> 3),
    );
    const other = await device.file('other', 'x');
    for (const node of [gone, other]) await device.append({ type: 'delete', node });
    const judge = isAuthor ? device : world.device(1);
    await judge.context.pull();
    await start(judge);
    world.storage.before = (call) => {
      if (call === 'getObjects') throw new HoldfastError('missing', 'not held');
    };
    expect(await pass(55, judge)).toBe(0);
    expect(await pass(7, judge)).toBe(2);
    await device.context.pull();
    expect([lives, gone, other].map(kept)).toEqual([1, 0, 0]);
    expect(heldByServer().size).toBe(1 + left);
  });

  test('what came into the trash on a disk whose clock is years behind is kept for as long as anywhere', async () => {
    await start();
    await pass(60);
    trash.push('7');
    await pass(30);
    expect(trash).toEqual(['7']);
    trash.push('9.2');
    await pass(1);
    expect(trash).toEqual(['9.2']);
    // Seen in a future that did not come.
    world.clock.time += 10 * dayMs;
    trash.push('11');
    await pass(1);
    world.clock.time -= 11 * dayMs;
    await pass(30);
    expect(trash).toEqual(['11']);
    await pass(1);
    expect(trash).toEqual([]);
  });

  test('it is done at most once a day', async () => {
    await start();
    await pass(31);
    const times = expired.length;
    for (let i = 0; i < 20; i++) {
      world.clock.time += hourMs;
      await prune();
    }
    expect(expired).toHaveLength(times);
    world.clock.time += 4 * hourMs;
    await prune();
    expect(expired).toHaveLength(times + 1);
  });
});
