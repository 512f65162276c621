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

it('what is left is written at the end', async () => {
  const { write, flush } = createGroupCommit(db);
  const all = [1, 2, 3].map((n) => write(() => db.prepare('INSERT INTO t VALUES (?)').run(n)));
  flush();
  expect(rows()).toEqual([1, 2, 3]);
  await Promise.all(all);
});
