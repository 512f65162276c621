import { beforeEach, describe, expect, test } from 'vitest';
import { must } from '../../../src/common/errors.ts';
import type { NodeId, RevisionId } from '../../../src/common/ids.ts';
import type { Index, IndexReader, LocalRow } from '../../../src/db/index-port.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { type Restless, restless } from '../../../src/engine/observe/restless.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import type { Plan, UpOperation } from '../../../src/plan/plan.ts';
import * as rows from '../../contract/index-fixtures.ts';
import { type VirtualClock, virtualClock } from '../../fakes/virtual-clock.ts';

const node = rows.node(1);
let clock: VirtualClock;
let index: Index;
let isWatching: boolean;
let changes: Restless;
let version = 1;

beforeEach(() => {
  clock = virtualClock();
  index = openIndex(':memory:', { rules: rows.linuxRules, isDiverged });
  isWatching = true;
  changes = restless(clock, () => isWatching);
  version = 1;
});

/** As a scan records it that runs right after the write. */
function write(size: number, more: Partial<LocalRow> = {}): void {
  const us = clock.now() * 1000;
  version++;
  const row = rows.local({ id: node, size, mtimeUs: us, ctimeUs: us, revision: rows.revision(version), ...more });
  index.transaction((to) => to.putLocal(row));
}

const agree = (): void => {
  const row = must(index.read.localRow(node));
  index.transaction((to) =>
    to.putSynced(rows.synced({ id: node, name: row.name, parent: row.parent, revision: row.revision as RevisionId })),
  );
};

const look = (): number => {
  const now = changes.look(index.read);
  const isRestless = now.isRestless(node);
  expect(now.isRestless(node)).toBe(isRestless);
  expect(changes.has(node)).toBe(isRestless);
  expect(now.wait()?.time ?? 0).toBe(isRestless ? now.wait()?.time : 0);
  return now.wait()?.time ?? 0;
};

/** The file is read and agreed on. */
function take(): void {
  const revision = must(index.read.localRow(node)?.revision);
  const op: UpOperation = { type: 'up-revise', node, revision, rule: 'edited-here' };
  changes.taken({ settle: [], up: [op], down: [], held: [] } satisfies Plan, index.read);
  agree();
}

describe('one file', () => {
  test('is quiet when it was left alone; time on the disk counts, also that before the start', async () => {
    write(1000);
    expect(look()).toBeGreaterThan(0);
    await clock.advance(20);
    expect(look()).toBe(0);
    expect(
      restless(clock, () => true)
        .look(index.read)
        .isRestless(node),
    ).toBe(false);
  });

  test('with times that are later than now, or none, is quiet when nothing was seen to change', async () => {
    for (const ctimeUs of [0, (clock.now() + 3_600_000) * 1000]) {
      write(1000, { ctimeUs });
      expect(look()).toBeGreaterThan(0);
      await clock.advance(10);
      expect(look()).toBeGreaterThan(0);
      await clock.advance(10);
      expect(look()).toBe(0);
    }
  });

  test('written in pieces is taken up once, when that has ended', async () => {
    let taken = 0;
    for (let piece = 1; piece <= 100; piece++) {
      write(piece * 1_000_000);
      for (let i = 0; i < 4; i++) {
        await clock.advance(10);
        if (must(index.read.localRow(node)).revision !== index.read.synced(node)?.revision && look() === 0) {
          take();
          taken++;
        }
      }
    }
    await clock.advance(1000);
    expect(look()).toBe(0);
    expect(taken).toBeLessThanOrEqual(2);
  });

  test('a log that never ends is taken up every five seconds, then every minute at most', async () => {
    const takes: number[] = [];
    write(100);
    agree();
    for (let line = 0; line < 10_000; line++) {
      write(100 + line * 10);
      await clock.advance(400);
      if (look() > 0) continue;
      take();
      takes.push(clock.monotonic());
    }
    const gaps = takes.slice(1).map((at, i) => at - must(takes[i]));
    expect(gaps.slice(2, 20).every((gap) => gap >= 5000 && gap <= 5600)).toBe(true);
    expect(Math.max(...gaps)).toBeGreaterThan(30_000);
    expect(Math.max(...gaps)).toBeLessThan(61_000);
  });

  test('let through because it waited for so long counts as hurried, one that became quiet does not', async () => {
    for (let line = 0; line < 20; line++) {
      write(100 + line * 10);
      if (look() === 0) break;
      expect(changes.isHurried(node)).toBe(false);
      await clock.advance(300);
    }
    expect(clock.monotonic()).toBeGreaterThanOrEqual(5000);
    expect(changes.isHurried(node)).toBe(true);
    await clock.advance(1000);
    expect(look()).toBe(0);
    expect(changes.isHurried(node)).toBe(false);
  });

  test('saved again and again by a person arrives at once each time', async () => {
    write(1000);
    agree();
    for (let save = 0; save < 200; save++) {
      write(1000 + (save % 7));
      await clock.advance(16);
      if (save % 7 === 0) expect(look()).toBe(0);
      else expect(look()).toBeLessThanOrEqual(500);
      await clock.advance(6000);
      expect(look()).toBe(0);
      take();
    }
  });

  test('renamed after it was written as a whole does not count as busy', async () => {
    for (let i = 1; i < 5; i++) {
      write(i * 1000, { name: '.f.a1B2c3' });
      expect(look()).toBeGreaterThan(400);
      await clock.advance(30);
    }
    write(5000, { name: 'f' });
    expect(look()).toBeLessThan(20);
  });
});

describe('a file that is gone', () => {
  beforeEach(() => {
    write(1000);
    agree();
    index.transaction((to) => to.removeLocal(node));
  });

  test('counts as deleted after a moment', async () => {
    expect(look()).toBe(200);
    await clock.advance(150);
    expect(look()).toBe(50);
    await clock.advance(50);
    expect(look()).toBe(0);
  });

  test('and stays so while it waits for the person, though others go after it: the pair comes to rest', async () => {
    const other = rows.node(3);
    const both = () => {
      const now = changes.look(index.read);
      return [now.isRestless(node), now.isRestless(other)];
    };
    index.transaction((to) => to.putSynced(rows.synced({ id: other, name: 'b.txt' })));
    index.transaction((to) => to.putLocal(rows.local({ id: other, name: 'b.txt', ino: 78, ctimeUs: 1 })));
    expect(both()).toEqual([true, false]);
    await clock.advance(150);
    index.transaction((to) => to.removeLocal(other));
    expect(both()).toEqual([true, true]);
    await clock.advance(200);
    expect(both()).toEqual([false, false]);
    await clock.advance(60_000);
    expect(both()).toEqual([false, false]);
  });

  test('waits while one after the other goes, since only all together are much; but not for ever', async () => {
    const others = Array.from({ length: 90 }, (_, at) => rows.node(10 + at));
    index.transaction((to) => {
      for (const [at, id] of others.entries()) to.putSynced(rows.synced({ id, name: `${at}.txt` }));
      for (const [at, id] of others.entries()) to.putLocal(rows.local({ id, name: `${at}.txt`, ino: 100 + at }));
    });
    /** Whether any of these counts as gone. */
    const isTaken = (some: readonly (typeof node)[]): boolean => {
      const now = changes.look(index.read);
      return some.filter((id) => !now.isRestless(id)).length > 0;
    };
    const remove = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at++) {
        index.transaction((write) => write.removeLocal(must(others[at])));
        expect(isTaken(others.slice(from, at + 1))).toBe(false);
        await clock.advance(100);
      }
    };
    await remove(0, 40);
    await clock.advance(100);
    expect(isTaken(others.slice(0, 40))).toBe(true);
    await remove(40, 90);
    expect(isTaken(others.slice(40))).toBe(true);
  });

  test('comes back and goes again as if for the first time', async () => {
    look();
    await clock.advance(200);
    expect(look()).toBe(0);
    write(1000);
    agree();
    look();
    index.transaction((to) => to.removeLocal(node));
    expect(look()).toBe(200);
  });

  test('at once if another one has its name, which is its successor', async () => {
    await clock.advance(1000);
    index.transaction((to) => to.putLocal(rows.local({ id: rows.node(2), ino: 77 })));
    expect(look()).toBe(0);
  });

  test('not before its successor is quiet, which would not take over its history then', async () => {
    await clock.advance(1000);
    const us = clock.now() * 1000;
    index.transaction((to) => to.putLocal(rows.local({ id: rows.node(2), ino: 77, size: 0, ctimeUs: us })));
    expect(look()).toBe(250);
    await clock.advance(250);
    expect(look()).toBe(0);
  });

  test('waits with more than a hundred thousand others that go at once', () => {
    const nodes = Array.from({ length: 130_000 }, (_, i) => rows.node(100 + i));
    const read = {
      local: () => null,
      localRow: () => null,
      localByName: () => null,
      synced: (id: NodeId) => rows.synced({ id }),
    } as unknown as IndexReader;
    const now = changes.look(read);
    expect(nodes.every((each) => now.isRestless(each))).toBe(true);
    expect(now.wait()?.time).toBe(200);
  });

  test('at once if nobody watches', () => {
    isWatching = false;
    expect(look()).toBe(0);
  });
});

describe('a file renamed in its folder', () => {
  test('to the name of a former state waits for its successor, to another name hardly', () => {
    write(1000);
    agree();
    const row = must(index.read.localRow(node));
    const rename = (name: string): void =>
      index.transaction((to) => to.putLocal({ ...row, name, ctimeUs: clock.now() * 1000 }));
    rename('a.txt~');
    expect(look()).toBe(500);
    rename('b.txt');
    expect(look()).toBeLessThan(20);
  });
});

test('folders, and what only the vault changed, wait for nothing', () => {
  index.transaction((to) => {
    to.putLocal(rows.local({ id: rows.node(2), kind: 'folder', name: 'd', ctimeUs: clock.now() * 1000 }));
    to.putVaultRow(rows.live(rows.remote({ id: rows.node(3), name: 'g' }), rows.stamp(1)));
  });
  const now = changes.look(index.read);
  expect(now.isRestless(rows.node(2)) || now.isRestless(rows.node(3))).toBe(false);
  expect(now.wait()).toBeNull();
});
