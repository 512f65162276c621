import Database from 'better-sqlite3';
import { assert, HoldfastError } from '../common/errors.ts';
import { corruptIndex, sqlError } from './sql-error.ts';

export type SqlValue = number | string | Uint8Array | null;
/** A result row: the columns in the order of the SELECT. */
export type SqlRow = unknown[];

export interface Statement {
  get(...values: SqlValue[]): SqlRow | undefined;
  all(...values: SqlValue[]): SqlRow[];
  /** For writes: only inside a transaction that has not failed. Returns the key of an inserted row. */
  run(...values: SqlValue[]): number;
}

type Prepared = Database.Statement<SqlValue[], SqlRow>;

export interface Connection {
  prepare(source: string): Statement;
  /** Setup only: no transaction, no results. */
  exec(source: string): void;
  pragma(source: string): unknown;
  transaction<T>(change: () => T, isDurable: boolean): T;
  /** Called as the last thing before the outermost commit. */
  beforeCommit(callback: () => void): void;
  /** Called after a rollback, when whatever was derived from the writes is wrong. */
  afterRollback(callback: () => void): void;
  /** The whole database, as one file would hold it. */
  bytes(): Uint8Array;
  close(): void;
}

/** How long to wait for a process that is just closing the same file. */
const busyTimeoutMs = 1000;
/** Pages of the write-ahead log that make SQLite move it into the file: larger than its default, so that bulk loads write each page less often. */
const checkpointPages = 4000;
/** The log shrinks to this after a checkpoint. */
const logLimit = 16 * 1024 * 1024;

/**
 * Opens the file for this process alone (a second opener gets `io`, reason `in-use`): the counts in memory are right
 * only with one writer, and SQLite needs no shared memory file.
 *
 * Commits use synchronous=NORMAL: the log is written, not synced, so a commit outlives the process but may not outlive
 * the power, and never breaks the file. The index holds observations, which are made again, so this is enough but where
 * the outside world must not get ahead of it (the head of the log that was accepted). There a commit with
 * synchronous=FULL syncs the log, with all commits before it.
 */
export function connect(source: string | Uint8Array, cacheBytes: number): Connection {
  const db = open(source, cacheBytes);
  const commitHooks: (() => void)[] = [];
  const rollbackHooks: (() => void)[] = [];
  let depth = 0;
  let isFailed = false;
  let wantsDurable = false;
  let isFull = false;

  const setFull = (full: boolean) => {
    if (full === isFull) return;
    db.pragma(`synchronous = ${full ? 'FULL' : 'NORMAL'}`);
    isFull = full;
  };

  // A statement that fails may have ended the transaction on its own; whatever follows must not be committed alone.
  const write = (statement: Prepared, values: SqlValue[]): number => {
    assert(depth > 0, 'the index is written outside of a transaction');
    assert(!isFailed, 'the index is written after a failure in the same transaction');
    try {
      return Number(statement.run(...values).lastInsertRowid);
    } catch (error) {
      isFailed = true;
      throw sqlError(error);
    }
  };

  const prepare = (source: string): Statement => {
    const statement = guard(() => db.prepare<SqlValue[], SqlRow>(source), true);
    if (statement.reader) statement.raw(true);
    return {
      // Without a function of its own for each call: there are dozens for each file.
      get: (...values) => {
        try {
          return statement.get(...values);
        } catch (error) {
          throw sqlError(error);
        }
      },
      all: (...values) => guard(() => statement.all(...values)),
      run: (...values) => write(statement, values),
    };
  };

  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const rollback = db.prepare('ROLLBACK');

  const outermost = <T>(change: () => T, isDurable: boolean): T => {
    guard(() => {
      setFull(isDurable);
      begin.run();
    });
    depth = 1;
    isFailed = false;
    try {
      const result = change();
      assert(!(result instanceof Promise), 'a transaction of the index cannot be async');
      assert(!isFailed, 'a transaction of the index went on after a failure');
      for (const hook of commitHooks) hook();
      // A commit that wrote nothing would sync nothing.
      if (isDurable) db.exec(touchBarrier);
      commit.run();
      return result;
    } catch (error) {
      if (db.inTransaction) guard(() => rollback.run());
      for (const hook of rollbackHooks) {
        try {
          hook();
        } catch {
          // The disk gives nothing now; each has to have its turn, and `error` says it.
        }
      }
      throw sqlError(error);
    } finally {
      depth = 0;
    }
  };

  const nested = <T>(change: () => T): T => {
    depth++;
    try {
      return change();
    } catch (error) {
      isFailed = true;
      throw error;
    } finally {
      depth--;
    }
  };

  return {
    prepare,
    exec: (source) => guard(() => void db.exec(source)),
    pragma: (source) => guard(() => db.pragma(source, { simple: true })),
    transaction: (change, isDurable) => {
      if (depth > 0) {
        wantsDurable ||= isDurable;
        return nested(change);
      }
      wantsDurable = false;
      const result = outermost(change, isDurable);
      if (wantsDurable && !isDurable) outermost(() => undefined, true);
      return result;
    },
    beforeCommit: (callback) => void commitHooks.push(callback),
    afterRollback: (callback) => void rollbackHooks.push(callback),
    bytes: () => {
      assert(depth === 0, 'the index is copied inside of a transaction');
      return guard(() => db.serialize());
    },
    close: () => {
      if (!db.open) return;
      assert(depth === 0, 'the index is closed inside of a transaction');
      try {
        db.pragma('wal_checkpoint(TRUNCATE)');
      } catch {
        // A full disk: all of it is in the log, where the next opening finds it.
      }
      guard(() => void db.close());
    },
  };
}

const touchBarrier = 'UPDATE state SET barrier = barrier + 1';

function guard<T>(action: () => T, isPreparing = false): T {
  try {
    return action();
  } catch (error) {
    // Statements are constant: one that cannot be prepared met tables that are not ours.
    if (isPreparing && error instanceof Database.SqliteError && error.code === 'SQLITE_ERROR')
      throw corruptIndex(error);
    throw sqlError(error);
  }
}

/** A database in memory has no write-ahead log, which the bytes of one with a log ask for (file format of SQLite, 1.3.3). */
function inMemory(bytes: Uint8Array): Buffer {
  const copy = Buffer.from(bytes);
  copy.fill(1, 18, 20);
  return copy;
}

function open(source: string | Uint8Array, cacheBytes: number): Database.Database {
  let db: Database.Database | null = null;
  try {
    db = new Database(typeof source === 'string' ? source : inMemory(source), { timeout: busyTimeoutMs });
    db.pragma('locking_mode = EXCLUSIVE');
    db.pragma('synchronous = NORMAL');
    db.pragma(`cache_size = ${-Math.ceil(cacheBytes / 1024)}`);
    db.pragma(`wal_autocheckpoint = ${checkpointPages}`);
    db.pragma(`journal_size_limit = ${logLimit}`);
    // What is sorted holds names, which are to be nowhere but in this file.
    db.pragma('temp_store = MEMORY');
    // On macOS a plain fsync does not reach the disk.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    return db;
  } catch (error) {
    db?.close();
    // What the library throws when the folder is missing.
    if (error instanceof TypeError) {
      throw new HoldfastError('io', 'The folder of the local index does not exist.', { cause: error });
    }
    throw sqlError(error);
  }
}
