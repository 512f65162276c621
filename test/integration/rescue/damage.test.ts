import { openSync, readdirSync, readFileSync, readSync, rmSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { HoldfastError } from '../../../src/common/errors.ts';
import type { ScenarioDevice } from '../../helpers/scenario-device.ts';
import { tempFolder } from '../../helpers/temp.ts';
import { exactTree, type RescueWorld, rescue, rescueWorld } from './rescue-world.ts';

let world: RescueWorld;
let device: ScenarioDevice;
/** A vault with history, packed and single objects; copies of the data are damaged in each test. */
beforeAll(async () => {
  world = await rescueWorld();
  device = await world.device(await world.vault('V'));
  device.files.write('big', Buffer.alloc(200_000, 'first'));
  device.files.write('small', 'first');
  await device.sync();
  device.files.write('big', Buffer.alloc(150_000, 'second!'));
  device.files.write('small', 'second!');
  device.files.write('d/other', 'other');
  await device.sync();
});
afterAll(() => world.close());

const change = (copy: string, sql: string, ...values: unknown[]): void => {
  const db = new Database(join(copy, 'meta.db'));
  db.prepare(sql).run(...values);
  db.close();
};

/** Moves the write-ahead log into the database. */
function settle(copy: string): void {
  const db = new Database(join(copy, 'meta.db'));
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
}

const objectsOf = (copy: string, where: string): { id: string; file: number; offset: number; length: number }[] => {
  const db = new Database(join(copy, 'meta.db'));
  const rows = db
    .prepare(`SELECT lower(hex(id)) AS id, file, offset, length FROM objects WHERE ${where} ORDER BY file, offset`)
    .all();
  db.close();
  return rows as { id: string; file: number; offset: number; length: number }[];
};

const packOf = (copy: string, file: number): string => join(copy, 'objects/packs', file.toString(16).padStart(14, '0'));

function flipBit(path: string, at: number): void {
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
}

const singles = (copy: string): string[] =>
  (readdirSync(join(copy, 'objects/single'), { recursive: true }) as string[])
    .filter((name) => name.includes('-'))
    .map((name) => join(copy, 'objects/single', name));

const text = (out: string, path: string): string => readFileSync(join(out, 'V', path), 'utf8');

describe('a damaged object', () => {
  it('flipped in a pack: that revision alone is lost, the one before stands in, and the report says so', async () => {
    const copy = await world.copy();
    const packed = objectsOf(copy, 'offset > 0');
    // Small contents in the order in which they were put: the second one of `small` is not the first object.
    let told = 0;
    for (const { file, offset } of packed) {
      const path = packOf(copy, file);
      const whole = readFileSync(path);
      flipBit(path, offset + 100);
      const { out, report } = await rescue(copy, world.words);
      writeFileSync(path, whole);
      const expected = exactTree(device.files.root);
      const found = exactTree(join(out, 'V'));
      for (const problem of report.problems) {
        told++;
        expect(problem).toMatchObject({ kind: 'file', vault: 'V' });
        expect(problem.message).toContain('is damaged');
        delete expected[problem.path ?? ''];
        if (problem.path === 'small') expect(text(out, 'small')).toContain('first');
        else expect(found[problem.path ?? '']).toBeUndefined();
        delete found[problem.path ?? ''];
      }
      expect(found).toEqual(expected);
      expect(report.problemCount).toBeLessThanOrEqual(1);
    }
    expect(told, 'the second version of `small`, and `other`').toBe(2);
  });

  it('deleted as a file: the older revision is written; with both gone the file is reported as lost', async () => {
    const copy = await world.copy();
    const files = singles(copy);
    const outcomes: string[] = [];
    for (const path of files) {
      const bytes = readFileSync(path);
      rmSync(path);
      const { out, report } = await rescue(copy, world.words);
      writeFileSync(path, bytes);
      outcomes.push(`${report.problemCount} ${text(out, 'big').slice(0, 5)}`);
      for (const { path: lost, message } of report.problems) {
        expect(lost).toBe('big');
        expect(message).toMatch(
          /^The newest version is lost: object [0-9a-f]{32} is missing\. The version of .* was written/,
        );
      }
    }
    expect([...new Set(outcomes)].sort()).toEqual(['0 secon', '1 first']);
    for (const path of files) rmSync(path);
    const { out, report } = await rescue(copy, world.words);
    expect(report.problems.map(({ path }) => path)).toEqual(['big']);
    expect(Object.keys(exactTree(join(out, 'V'))).sort()).toEqual(['d', 'd/other', 'small']);
  });

  it('is found where it is when the index of objects is gone or points elsewhere', async () => {
    const copy = await world.copy();
    change(copy, 'DELETE FROM objects WHERE offset = 0');
    change(copy, 'UPDATE objects SET offset = offset + 8, file = file + 1 WHERE offset > 0');
    const { out, report } = await rescue(copy, world.words);
    expect(report.problems).toEqual([]);
    expect(exactTree(join(out, 'V'))).toEqual(exactTree(device.files.root));
  });
});

describe('a damaged log', () => {
  it('F-RESCUE-3, F-RESCUE-4: an entry whose content is damaged is left out, the rest stands', async () => {
    const copy = await world.copy();
    change(copy, 'UPDATE entries SET ciphertext = zeroblob(length(ciphertext)) WHERE seq = 2');
    const { out, report } = await rescue(copy, world.words);
    expect(report.problems[0]).toMatchObject({ kind: 'log', vault: 'V' });
    expect(report.problems[0]?.message).toContain('Entry 2 of the log is missing or damaged');
    // The names were in the entry that is lost; what was written to the files afterwards is not.
    const [lost] = Object.keys(exactTree(join(out, 'V'))).filter((path) => path.startsWith('Lost file'));
    expect(text(out, lost ?? '')).toContain('second!');
    expect(report.files).toBe(3);
    expect(text(out, 'd/other')).toContain('other');
  });

  it('F-RESCUE-3: an entry that is gone, or bears another signature, is a gap', async () => {
    for (const sql of [
      'DELETE FROM entries WHERE seq = 2',
      'UPDATE entries SET signature = zeroblob(64) WHERE seq = 2',
      'UPDATE entries SET header = zeroblob(100) WHERE seq = 2',
    ]) {
      const copy = await world.copy();
      change(copy, sql);
      const { report } = await rescue(copy, world.words);
      expect(
        report.problems.map(({ kind }) => kind),
        sql,
      ).toEqual(['log']);
      expect(report.files).toBe(3);
    }
  });

  it('a log cut short is told by the head that the server kept', async () => {
    const copy = await world.copy();
    change(copy, 'DELETE FROM entries WHERE seq > 2');
    const { out, report } = await rescue(copy, world.words);
    expect(report.problems[0]?.message).toMatch(/^Entr(y|ies) 3/);
    expect(text(out, 'small')).toContain('first');
  });

  it('that the server says is longer than any can be is read to its end', async () => {
    for (const seq of [2n ** 53n - 1n, 2n ** 63n - 1n]) {
      const copy = await world.copy();
      change(copy, 'UPDATE vaults SET head_seq = ?', seq);
      const { out, report } = await rescue(copy, world.words);
      expect(report.problems[0]?.message).toMatch(/^Entries \d+ to 9007199254740991 of the log are missing/);
      expect(exactTree(join(out, 'V'))).toEqual(exactTree(device.files.root));
    }
    const copy = await world.copy();
    change(copy, 'UPDATE entries SET seq = seq + ? WHERE seq > 2', 2n ** 53n);
    const { out } = await rescue(copy, world.words);
    expect(text(out, 'small')).toContain('first');
  });

  it('is found by its first entry where the row of its vault is gone', async () => {
    const copy = await world.copy();
    const db = new Database(join(copy, 'meta.db'));
    db.pragma('foreign_keys = OFF');
    db.exec('DELETE FROM vaults');
    db.close();
    const { out, report } = await rescue(copy, world.words);
    expect(exactTree(join(out, 'V'))).toEqual(exactTree(device.files.root));
    expect(report.problems.map(({ message }) => message)).toEqual([
      'What the server noted of this vault is lost: the log may have gone on.',
    ]);
  });

  it('without the grants nothing can be opened, and rescue says that and ends', async () => {
    const copy = await world.copy();
    change(copy, 'DELETE FROM grants');
    const { report } = await rescue(copy, world.words);
    expect(report.files).toBe(0);
    expect(report.problems.map(({ message }) => message).join(' ')).toContain('The grants of epoch 1 are missing');
  });
});

describe('a damaged account', () => {
  it('F-RESCUE-2: what follows the damaged event of the chain is not believed', async () => {
    const copy = await world.copy();
    change(
      copy,
      'UPDATE account_events SET signature = zeroblob(64) WHERE seq = (SELECT max(seq) FROM account_events)',
    );
    const { report } = await rescue(copy, world.words);
    expect(report.vaults).toEqual([]);
    expect(report.problems.map(({ kind }) => kind)).toEqual(['account', 'account']);
  });

  it('F-RESCUE-1: a chain that ends early is reported, though nothing in it is wrong', async () => {
    const copy = await world.copy();
    change(copy, 'UPDATE accounts SET head_seq = head_seq + 1');
    const { report } = await rescue(copy, world.words);
    expect(report.files).toBe(3);
    expect(report.problems).toMatchObject([{ kind: 'account', message: expect.stringContaining('damaged after') }]);
  });

  it('of somebody else on the same server costs this one nothing', async () => {
    const copy = await world.copy();
    settle(copy);
    const path = join(copy, 'meta.db');
    const db = new Database(path);
    const { id: own } = db.prepare<[], { id: Buffer }>('SELECT id FROM accounts').get() ?? { id: Buffer.alloc(0) };
    const insert = db.prepare(
      'INSERT INTO accounts VALUES (?, ?, randomblob(400), randomblob(64), 1, zeroblob(32), 0, 0)',
    );
    for (let n = 0; n < 256; n++) insert.run(Buffer.alloc(16, n), `${n}@example.org`);
    // Pages that were split hold remains of rows that are elsewhere by now.
    db.exec('VACUUM');
    const pages = db
      .prepare<[], { page: number }>("SELECT pageno AS page FROM dbstat WHERE name = 'accounts' AND pagetype = 'leaf'")
      .all();
    db.close();
    settle(copy);
    const whole = readFileSync(path);
    const [first, last] = pages
      .map(({ page }) => page)
      .filter((page) => !whole.subarray((page - 1) * 4096, page * 4096).includes(own))
      .filter((_, at, all) => at === 0 || at === all.length - 1);
    for (const page of [first, last]) {
      const broken = Buffer.from(whole);
      broken.fill(0, ((page ?? 0) - 1) * 4096, (page ?? 0) * 4096);
      writeFileSync(path, broken);
      const { report } = await rescue(copy, world.words);
      expect(report.files).toBe(3);
    }
  });

  it('F-RESCUE-1: a record with another signature: stopped, nothing is written', async () => {
    const copy = await world.copy();
    change(copy, 'UPDATE accounts SET record_signature = zeroblob(64)');
    await expect(rescue(copy, world.words)).rejects.toMatchObject({ kind: 'security', security: 'E_AUTH' });
  });
});

describe('a damaged copy', () => {
  it('a write-ahead log of another database is left out', async () => {
    const copy = await world.copy();
    settle(copy);
    writeFileSync(join(copy, 'meta.db-wal'), Buffer.alloc(5000, 'nonsense'));
    const { out, report } = await rescue(copy, world.words);
    expect(exactTree(join(out, 'V'))).toEqual(exactTree(device.files.root));
    expect(report.problems).toEqual([]);
  });

  it('that a server goes on writing to is read, and the report says so', async () => {
    const copy = await world.copy();
    let time = 1;
    let isEnded = false;
    const write = (): void => {
      if (isEnded) return;
      utimesSync(join(copy, 'meta.db'), time, ++time);
      setImmediate(write);
    };
    write();
    const { report } = await rescue(copy, world.words).finally(() => {
      isEnded = true;
    });
    expect(report.files).toBe(3);
    expect(report.problems).toMatchObject([{ kind: 'copy', message: expect.stringContaining('A server wrote') }]);
  });

  it('an index of the database that is gone costs nothing', async () => {
    const copy = await world.copy();
    settle(copy);
    const path = join(copy, 'meta.db');
    const db = new Database(path);
    const pages = db
      .prepare<[], { name: string; page: number }>(
        `SELECT name, pageno AS page FROM dbstat WHERE name IN
         (SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name IN ('entries', 'grants', 'vaults', 'accounts'))`,
      )
      .all();
    db.close();
    settle(copy);
    const whole = readFileSync(path);
    expect(pages.length).toBeGreaterThan(3);
    for (const { name, page } of pages) {
      const broken = Buffer.from(whole);
      broken.fill(0, (page - 1) * 4096, page * 4096);
      writeFileSync(path, broken);
      const { out } = await rescue(copy, world.words);
      expect(exactTree(join(out, 'V')), name).toEqual(exactTree(device.files.root));
    }
  });

  it('a missing format file is reported; a page of the database that is gone costs what was on it at most', async () => {
    const copy = await world.copy();
    rmSync(join(copy, 'format'));
    const { report } = await rescue(copy, world.words);
    expect(report.problems).toMatchObject([{ kind: 'copy' }]);
    expect(report.files).toBe(3);

    settle(copy);
    const whole = readFileSync(join(copy, 'meta.db'));
    let rescued = 0;
    let withoutAccount = 0;
    for (let page = 2; page * 4096 < whole.length; page++) {
      const broken = Buffer.from(whole);
      broken.fill(0, (page - 1) * 4096, page * 4096);
      writeFileSync(join(copy, 'meta.db'), broken);
      // Whatever is lost, it ends with a report or a clear word, and nothing that is not authentic was written.
      const found = await rescue(copy, world.words).catch((error: unknown) => error);
      if (found instanceof Error) {
        expect(found).toMatchObject({ kind: expect.stringMatching(/^(corrupt|refused|security)$/) });
        const isAccountLost = (found as HoldfastError).reason === 'no-account';
        // Who has the right words is not sent to look for others.
        if (isAccountLost) expect(found).toMatchObject({ hint: expect.stringContaining('meta.db is damaged') });
        withoutAccount += isAccountLost ? 1 : 0;
        continue;
      }
      const { out, report: told } = found as Awaited<ReturnType<typeof rescue>>;
      rescued += told.files;
      expect(told.problemCount).toBeGreaterThan(0);
      const expected = exactTree(device.files.root);
      for (const [path, facts] of Object.entries(told.vaults[0] ? exactTree(join(out, told.vaults[0].folder)) : {})) {
        if (told.problems.some((problem) => problem.path === path || problem.kind === 'log')) continue;
        expect(facts, path).toBe(expected[path]);
      }
    }
    expect(rescued).toBeGreaterThan(0);
    expect(withoutAccount).toBeGreaterThan(0);
  });

  it('is not what a full disk for temporary files is taken for, and that leaves nothing behind', async () => {
    const copy = await world.copy();
    for (const path of singles(copy)) rmSync(path);
    const { exec } = Database.prototype;
    const full = vi.spyOn(Database.prototype, 'exec').mockImplementation(function (this: Database.Database, sql) {
      if (sql.includes('TABLE found')) throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
      return exec.call(this, sql);
    });
    const outDir = join(await tempFolder('rescued'), 'out');
    await expect(rescue(copy, world.words, { outDir })).rejects.toMatchObject({ kind: 'io' });
    full.mockRestore();
    expect(readdirSync(outDir)).toEqual(['V']);
  });

  it('that is cut short, or has a flipped bit in its schema, gives what can still be read of it', async () => {
    const copy = await world.copy();
    settle(copy);
    const path = join(copy, 'meta.db');
    const whole = readFileSync(path);
    const filesOf = async (damaged: Uint8Array): Promise<number> => {
      writeFileSync(path, damaged);
      const found = await rescue(copy, world.words).catch((error: unknown) => error);
      if (!(found instanceof Error)) return (found as Awaited<ReturnType<typeof rescue>>).report.files;
      expect(found).toMatchObject({ kind: expect.stringMatching(/^(corrupt|refused|security)$/) });
      return 0;
    };
    let [cut, flipped] = [0, 0];
    for (let length = whole.length - 4096; length > 0; length -= 4096) cut += await filesOf(whole.subarray(0, length));
    for (let at = 2100; at < 4096; at += 111) {
      const broken = Buffer.from(whole);
      broken[at] = (broken[at] ?? 0) ^ 1;
      flipped += await filesOf(broken);
    }
    expect(cut).toBeGreaterThan(0);
    expect(flipped).toBeGreaterThan(0);
  });
});
