import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGroupCommit } from '../../../src/server/sqlite/group-commit.ts';

let db: Database.Database;
beforeEach(() => {
  db = new Database(':memory:');
  db.exec('CREATE TABLE t (n INTEGER)');
});
afterEach(() => db.close());

const neverAsked = (): Promise<void> => Promise.reject(new Error('a sync that SQLite had done'));

const insert = (n: number) => db.prepare('INSERT INTO t VALUES (?)').run(n);

const rows = (): number[] =>
  db
    .prepare('SELECT n FROM t')
    .all()
    .map((row) => (row as { n: number }).n);

it('writes that take long let all else have its turn in between', async () => {
  const { write } = createGroupCommit(db, neverAsked);
  const order: string[] = [];
  const slow = (n: number) =>
    write(() => {
      db.prepare('INSERT INTO t VALUES (?)').run(n);
      for (const end = performance.now() + 60; performance.now() < end; );
      order.push('write');
    });
  const all = [slow(1), slow(2), slow(3)];
  const turn = (): void => {
    order.push('turn');
    if (order.length < 6) setImmediate(turn);
  };
  setImmediate(turn);
  await Promise.all(all);
  expect(order.slice(0, 5)).toEqual(['write', 'turn', 'write', 'turn', 'write']);
  expect(rows()).toEqual([1, 2, 3]);
});

it('a write that fails leaves no trace and does not disturb those that share its commit', async () => {
  const { write } = createGroupCommit(db, neverAsked);
  const first = write(() => insert(1));
  const failed = write(() => {
    insert(2);
    throw new Error('refused');
  });
  const last = write(() => insert(3));
  await expect(failed).rejects.toThrow('refused');
  await Promise.all([first, last]);
  expect(rows()).toEqual([1, 3]);
});

it('what could not be committed counts for nobody, and what comes later goes on', async () => {
  db.pragma('foreign_keys = ON');
  db.exec('CREATE TABLE p (n INTEGER PRIMARY KEY)');
  db.exec('CREATE TABLE c (n INTEGER REFERENCES p (n) DEFERRABLE INITIALLY DEFERRED)');
  const { write } = createGroupCommit(db, neverAsked);
  const shared = write(() => insert(1));
  const refused = write(() => db.prepare('INSERT INTO c VALUES (7)').run());
  for (const each of [shared, refused]) await expect(each).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
  await write(() => insert(2));
  expect(rows()).toEqual([2]);
});

it('what is left is written at the end', async () => {
  const sync = Promise.withResolvers<void>();
  const { write, writeEarly, close } = createGroupCommit(db, () => sync.promise);
  const all = [1, 2, 3].map((n) => (n === 2 ? write : writeEarly)(() => insert(n)));
  const last = close();
  expect(rows()).toEqual([1, 2, 3]);
  sync.resolve();
  await Promise.all([...all, last]);
});

describe('writes that do not wait for the disk', () => {
  const level = () => db.pragma('synchronous', { simple: true });
  /** All that is due now but what waits for the disk. */
  const turn = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));

  it('are seen at once, and done when they are durable', async () => {
    const sync = Promise.withResolvers<void>();
    const { writeEarly, close } = createGroupCommit(db, () => sync.promise);
    const levels: unknown[] = [];
    const done = vi.fn();
    const written = writeEarly(() => {
      levels.push(level());
      return insert(1).changes;
    }).then(done);
    await turn();
    expect([rows(), levels]).toEqual([[1], [1]]);
    expect(done).not.toHaveBeenCalled();
    const closed = close().then(done);
    await turn();
    expect(done).not.toHaveBeenCalled();
    sync.resolve();
    await Promise.all([written, closed]);
    expect(done).toHaveBeenNthCalledWith(1, 1);
  });

  it('wait for it all the same together with one that does, and the thread waits again for those that follow', async () => {
    const { write, writeEarly } = createGroupCommit(db, async () => undefined);
    const levels: unknown[] = [];
    const note = () => levels.push(level());
    await Promise.all([writeEarly(note), write(note)]);
    await writeEarly(note);
    await write(note);
    expect(levels).toEqual([2, 2, 1, 2]);
  });

  it('are not done where the disk fails, and nothing is written behind them', async () => {
    let isBad = true;
    const syncLog = async () => {
      if (isBad) throw Object.assign(new Error('bad'), { code: 'EIO' });
    };
    const { write, writeEarly, synced } = createGroupCommit(db, syncLog);
    const refused = { kind: 'io', reason: 'disk' };
    const failing = writeEarly(() => {
      throw new Error('refused');
    });
    await Promise.all([
      expect(writeEarly(() => insert(1))).rejects.toMatchObject(refused),
      expect(failing).rejects.toThrow('refused'),
    ]);
    isBad = false;
    await expect(write(() => insert(2))).rejects.toMatchObject(refused);
    await expect(writeEarly(() => insert(3))).rejects.toMatchObject(refused);
    await expect(synced()).rejects.toMatchObject(refused);
    expect(rows()).toEqual([1]);
  });
});
