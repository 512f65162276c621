import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGroupCommit } from '../../../src/server/sqlite/group-commit.ts';

let db: Database.Database;
beforeEach(() => {
  db = new Database(':memory:');
  db.exec('CREATE TABLE t (n INTEGER)');
});
afterEach(() => db.close());

const rows = (): number[] =>
  db
    .prepare('SELECT n FROM t')
    .all()
    .map((row) => (row as { n: number }).n);

it('writes that take long let all else have its turn in between', async () => {
  const { write } = createGroupCommit(db);
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
  const { write } = createGroupCommit(db);
  const insert = (n: number) => db.prepare('INSERT INTO t VALUES (?)').run(n);
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
  const { write } = createGroupCommit(db);
  const insert = (n: number) => write(() => db.prepare('INSERT INTO t VALUES (?)').run(n));
  const shared = insert(1);
  const refused = write(() => db.prepare('INSERT INTO c VALUES (7)').run());
  for (const each of [shared, refused]) await expect(each).rejects.toMatchObject({ kind: 'io', reason: 'disk' });
  await insert(2);
  expect(rows()).toEqual([2]);
});

it('what is left is written at the end', async () => {
  const { write, flush } = createGroupCommit(db);
  const all = [1, 2, 3].map((n) => write(() => db.prepare('INSERT INTO t VALUES (?)').run(n)));
  flush();
  expect(rows()).toEqual([1, 2, 3]);
  await Promise.all(all);
});
