import { existsSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import type { Dice } from '../../sim/random.ts';
import { flip } from './mangle.ts';

const tables = [
  'account_events',
  'accounts',
  'vaults',
  'device_seqs',
  'entries',
  'entries',
  'entries',
  'grants',
  'checkpoints',
  'objects',
  'objects',
];

const oddCells: readonly unknown[] = [
  0,
  -1,
  1,
  2 ** 40,
  Number.MAX_SAFE_INTEGER,
  Buffer.alloc(0),
  Buffer.alloc(16),
  null,
  'x',
];

/** Changes what a stopped server has stored: rows, and the files with objects. What was done, in words. */
export function changeStore(dice: Dice, dataDir: string): string[] {
  const done: string[] = [];
  for (let count = 1 + dice.below(4); count > 0; count--) {
    done.push(
      dice.chance(0.75) ? changeRow(dice, join(dataDir, 'meta.db')) : changeFile(dice, join(dataDir, 'objects')),
    );
  }
  return done;
}

function changeRow(dice: Dice, file: string): string {
  const db = new Database(file);
  try {
    db.pragma('foreign_keys = OFF');
    const table = dice.pick(tables);
    const rows = db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[];
    // The newest are those of the vault that this is about.
    const near = rows.slice(-12);
    if (near.length === 0) return `${table}: empty`;
    const row = dice.pick(near);
    const other = dice.pick(near);
    const columns = Object.keys(row);
    const where = columns.map((name) => `${name} IS ?`).join(' AND ');
    const key = Object.values(row);
    if (dice.chance(0.2)) {
      db.prepare(`DELETE FROM ${table} WHERE ${where}`).run(...key);
      return `${table}: a row deleted`;
    }
    const column = dice.pick(columns);
    const value = oddCell(dice, row[column], other[column]);
    db.prepare(`UPDATE OR REPLACE ${table} SET ${column} = ? WHERE ${where}`).run(value, ...key);
    return `${table}.${column}`;
  } catch (error) {
    return `refused by the database: ${String(error)}`;
  } finally {
    db.close();
  }
}

function oddCell(dice: Dice, value: unknown, other: unknown): unknown {
  if (dice.chance(0.4)) return other;
  if (value instanceof Uint8Array) {
    return Buffer.from(dice.chance(0.7) ? flip(dice, value) : value.subarray(0, dice.below(value.length + 1)));
  }
  if (typeof value === 'number')
    return dice.chance(0.5) ? value + dice.pick([-1, 1, 16]) : dice.pick(oddCells.slice(0, 5));
  return dice.pick(oddCells);
}

function changeFile(dice: Dice, folder: string): string {
  if (!existsSync(folder)) return 'no objects';
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
    .sort();
  if (files.length === 0) return 'no files of objects';
  const path = dice.pick(files);
  const bytes = readFileSync(path);
  switch (dice.below(4)) {
    case 0:
      rmSync(path);
      return 'a file of objects deleted';
    case 1:
      truncateSync(path, dice.below(bytes.length + 1));
      return 'a file of objects cut';
    case 2:
      writeFileSync(path, readFileSync(dice.pick(files)));
      return 'a file of objects in place of another';
    default:
      writeFileSync(path, flip(dice, bytes));
      return 'a file of objects flipped';
  }
}
