import Database from 'better-sqlite3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Index } from '../../../src/db/index-port.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { isDiverged } from '../../../src/plan/diverged.ts';
import { linuxRules, local, node } from '../../contract/index-fixtures.ts';

/** What the disk does not give at the moment, by the beginning of the statement that asks for it. */
let unreadable: RegExp | null = null;
let index: Index;

beforeEach(() => {
  const { prototype } = Database as unknown as { prototype: { prepare(source: string): Database.Statement } };
  const { prepare } = prototype;
  prototype.prepare = function (this: unknown, source) {
    const statement = prepare.call(this, source);
    const get = statement.get.bind(statement);
    statement.get = (...values) => {
      if (unreadable?.test(source)) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_READ');
      return get(...values);
    };
    return statement;
  };
  index = openIndex(':memory:', { rules: linuxRules, isDiverged });
  prototype.prepare = prepare;
});
afterEach(() => {
  unreadable = null;
  index.close();
});

test.each([
  ['sums', /^SELECT synced_files/],
  ['schema', /FROM sqlite_schema/],
])('the sums are right after a write that failed, also where the disk did not give the %s then', (_, statement) => {
  index.transaction((write) => write.putLocal(local({ id: node(1), name: 'a' })));
  unreadable = statement;
  const failing = () =>
    index.transaction((write) => {
      write.putLocal(local({ id: node(2), name: 'b' }));
      throw new Error('to no end');
    });
  expect(failing).toThrow();
  unreadable = null;
  expect(index.read.counts()).toMatchObject({ localNodes: 1, diverged: 1 });
  index.transaction((write) => write.putLocal(local({ id: node(3), name: 'c' })));
  expect(index.read.counts()).toMatchObject({ localNodes: 2, diverged: 2 });
  expect(index.integrityCheck()).toEqual([]);
});
