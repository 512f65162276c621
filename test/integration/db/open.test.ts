import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, expect, test, vi } from 'vitest';
import { isKind } from '../../../src/common/errors.ts';
import { rootNode } from '../../../src/common/ids.ts';
import { connect } from '../../../src/db/connection.ts';
import { migrate } from '../../../src/db/migrations.ts';
import { openIndex } from '../../../src/db/open-index.ts';
import { applicationId, schema, schemaVersion } from '../../../src/db/schema.ts';
import {
  diverged,
  isDiverged,
  linuxRules,
  local,
  macRules,
  node,
  revision,
  version,
} from '../../contract/index-fixtures.ts';
import { tempFolder } from '../../helpers/temp.ts';

const options = { rules: linuxRules, isDiverged };
let home: string;
let path: string;
beforeEach(async () => {
  home = await tempFolder('index');
  path = join(home, 'index.db');
});

const filled = () => {
  const index = openIndex(path, options);
  index.transaction((write) => {
    for (let n = 1; n < 500; n++) {
      write.putLocal(local({ id: node(n), name: `Name ${n}` }));
      write.addRevision({ ...version(n % 256, node(n), n), revision: revision(n), manifest: randomBytes(200) });
    }
  });
  return index;
};

const failure = (action: () => unknown): unknown => {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
};
const kindOf = (action: () => unknown): string => {
  const error = failure(action);
  for (const kind of ['corrupt', 'version', 'io', 'bug'] as const) if (isKind(error, kind)) return kind;
  throw error;
};

test('close leaves one file, which holds everything; closing again does nothing', () => {
  const index = filled();
  index.close();
  index.close();
  expect(readdirSync(home)).toEqual(['index.db']);
  const again = openIndex(path, options);
  expect(again.read.counts().localNodes).toBe(499);
  again.close();
});

test('on a full disk it is closed all the same, and holds everything at the next opening', () => {
  const index = filled();
  const { pragma } = Database.prototype;
  const full = vi.spyOn(Database.prototype, 'pragma').mockImplementation(function (
    this: Database.Database,
    source: string,
    options?: Database.PragmaOptions,
  ) {
    if (source.startsWith('wal_checkpoint')) throw new Database.SqliteError('the disk is full', 'SQLITE_FULL');
    return pragma.call(this, source, options);
  });
  index.close();
  full.mockRestore();
  const again = openIndex(path, options);
  expect(again.read.counts().localNodes).toBe(499);
  again.close();
});

test('a second opener is refused while the first one has the index', () => {
  const index = filled();
  expect(failure(() => openIndex(path, options))).toMatchObject({ kind: 'io', reason: 'in-use' });
  index.close();
  openIndex(path, options).close();
});

test('a file of a newer version is refused and stays as it is', () => {
  filled().close();
  const db = new Database(path);
  db.pragma(`user_version = ${schemaVersion + 1}`);
  db.close();
  const before = readFileSync(path);
  expect(kindOf(() => openIndex(path, options))).toBe('version');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(readdirSync(home)).toEqual(['index.db']);
});

test.each([
  ['text', () => writeFileSync(path, 'not a database'.repeat(100))],
  ['a few bytes', () => writeFileSync(path, 'SQLite')],
  [
    'another database',
    () => {
      const db = new Database(path);
      db.exec('CREATE TABLE node (a)');
      db.close();
    },
  ],
  [
    'half an index',
    () => {
      filled().close();
      truncateSync(path, 8192);
    },
  ],
  [
    'an index without one of its tables',
    () => {
      filled().close();
      const db = new Database(path);
      db.exec('DROP TABLE chunk');
      db.close();
    },
  ],
])('%s instead of an index is corrupt', (_, make) => {
  make();
  expect(kindOf(() => openIndex(path, options))).toBe('corrupt');
});

test('a damaged schema is corrupt, so that the index is made anew', () => {
  filled().close();
  const bytes = readFileSync(path);
  // As a bit of the disk may turn over: `local_parent` is then no column of the table.
  for (let at = bytes.indexOf('local_parent'); at >= 0; at = bytes.indexOf('local_parent')) bytes[at] = 0x6d;
  writeFileSync(path, bytes);
  expect(kindOf(() => openIndex(path, options))).toBe('corrupt');
});

test('a file format that SQLite does not know is corrupt', () => {
  filled().close();
  const bytes = readFileSync(path);
  bytes.writeUInt32BE(0x9f, 44);
  writeFileSync(path, bytes);
  expect(kindOf(() => openIndex(path, options))).toBe('corrupt');
});

test('damage found while reading is corrupt, too', () => {
  filled().close();
  const bytes = readFileSync(path);
  bytes.fill(0xff, 4096 * 3);
  writeFileSync(path, bytes);
  expect(
    kindOf(() => {
      const index = openIndex(path, options);
      try {
        for (const _ of index.read.locals());
        for (let n = 1; n < 500; n++) index.read.revision(revision(n));
        index.transaction((write) => write.putLocal(local({ id: node(3), parent: rootNode })));
      } finally {
        index.close();
      }
    }),
  ).toBe('corrupt');
});

test('a missing folder, and a folder in place of the file, are io', () => {
  expect(kindOf(() => openIndex(join(home, 'none', 'index.db'), options))).toBe('io');
  mkdirSync(path);
  expect(kindOf(() => openIndex(path, options))).toBe('io');
});

test('other rules for names make the keys again, and back', () => {
  filled().close();
  for (const [rules, found] of [
    [macRules, true],
    [linuxRules, false],
  ] as const) {
    const index = openIndex(path, { rules, isDiverged });
    expect(index.read.localByName(rootNode, 'NAME 7') !== null).toBe(found);
    expect(index.read.localByName(rootNode, 'Name 7')?.name).toBe('Name 7');
    expect(index.integrityCheck()).toEqual([]);
    index.close();
  }
});

test('a migration for another predicate has the flags and sums made again', () => {
  filled().close();
  const db = new Database(path);
  db.exec("UPDATE state SET fold = ''");
  db.close();
  const index = openIndex(path, { ...options, isDiverged: () => false });
  expect(diverged(index)).toEqual([]);
  expect(index.read.counts()).toMatchObject({ diverged: 0, bytesUp: 0, localNodes: 499 });
  expect(index.integrityCheck()).toEqual([]);
  index.close();
});

test('an older file is brought up step by step, or not at all', () => {
  filled().close();
  const plan = (to: number, ...steps: string[]) => ({
    ...{ version: to, applicationId, schema },
    migrations: steps.map((sql, i) => ({ to: schemaVersion + 1 + i, sql })),
  });
  const run = (steps: ReturnType<typeof plan>) => {
    const connection = connect(path, 1 << 20);
    try {
      migrate(connection, steps);
      return connection.pragma('user_version');
    } finally {
      connection.close();
    }
  };
  const add = 'ALTER TABLE node ADD COLUMN extra INTEGER';
  expect(() => run(plan(schemaVersion + 2, add, 'ALTER TABLE none ADD COLUMN a'))).toThrow();
  expect(run(plan(schemaVersion))).toBe(schemaVersion);
  expect(run(plan(schemaVersion + 2, add, 'UPDATE node SET extra = 5'))).toBe(schemaVersion + 2);
  expect(kindOf(() => run(plan(schemaVersion)))).toBe('version');
  const db = new Database(path);
  expect(db.prepare('SELECT count(*) FROM node WHERE extra = 5').pluck().get()).toBe(500);
  db.close();
});

test('a file of the first version becomes one of today, with all that it holds', () => {
  const fresh = openIndex(join(home, 'fresh.db'), options);
  fresh.close();
  const index = filled();
  const before = diverged(index);
  index.close();
  const schemaOf = (file: string): unknown[] => {
    const db = new Database(file, { readonly: true });
    const rows = db.prepare<[], { name: string; sql: string | null }>(
      'SELECT name, sql FROM sqlite_schema ORDER BY name',
    );
    const found = rows
      .all()
      .map(({ name, sql }) => ({ name, sql: sql?.replaceAll(/\s+/g, ' ').replaceAll(/ ?([()]) ?/g, '$1') }));
    db.close();
    return found;
  };
  const old = new Database(path);
  old.exec(
    `ALTER TABLE batch ADD COLUMN undo_of TEXT; ALTER TABLE state ADD COLUMN divergence_version INTEGER NOT NULL DEFAULT 0;
      DROP TABLE returned; DROP INDEX node_based; DROP INDEX node_new;
      CREATE INDEX node_diverged ON node (diverged) WHERE diverged = 1`,
  );
  old.pragma('user_version = 1');
  old.close();

  const again = openIndex(path, options);
  expect(diverged(again)).toEqual(before);
  expect(again.integrityCheck()).toEqual([]);
  again.close();
  expect(schemaOf(path)).toEqual(schemaOf(join(home, 'fresh.db')));
});
