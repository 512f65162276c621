import type Database from 'better-sqlite3';
import { HoldfastError } from '../../common/errors.ts';

/** Runs `work` in a transaction; resolves with its result once that is durable. */
export type Write = <T>(work: () => T) => Promise<T>;

export interface GroupCommit {
  /** Nobody sees what it wrote before that is durable: the thread waits for the disk. */
  readonly write: Write;
  /**
   * The same without the thread waiting for the disk. What it wrote is seen before it is durable: whoever answers by it
   * waits for {@link synced} first. A later `write` is never durable without it.
   */
  readonly writeEarly: Write;
  /** Resolves when all that can be seen now is durable. */
  synced(): Promise<void>;
  /** Writes what is left, and resolves when all of it is durable. */
  close(): Promise<void>;
}

interface Job {
  readonly isEarly: boolean;
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Settled = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

// Enough to share a sync well, few enough that other requests do not wait long.
const maxGroup = 128;
/** Milliseconds after which a group takes no more: an entry may list 131,072 objects, and nothing else runs meanwhile. */
const longestGroup = 50;

const diskFailed = (cause: unknown): HoldfastError =>
  new HoldfastError('io', 'The server could not write to its database; its disk may be full.', {
    reason: 'disk',
    cause,
  });

/**
 * Writes that are asked for while others are under way share one commit, and so one sync of the disk. Each has a savepoint
 * of its own: one that throws leaves no trace and does not disturb the others. `syncLog`: makes all commits so far durable,
 * for those that SQLite does not sync itself. Once that has failed nothing can be written any more, until the database is
 * opened anew and gives up what was not durable: what would be committed behind it would be given up as well. `onFailed` is told.
 */
export function createGroupCommit(
  db: Database.Database,
  syncLog: () => Promise<void>,
  onFailed: (error: HoldfastError) => void = () => undefined,
): GroupCommit {
  const queue: Job[] = [];
  const syncing = new Set<Promise<void>>();
  let isScheduled = false;
  let isSyncedByCommit = true;
  let failure: HoldfastError | null = null;
  const begin = db.prepare('BEGIN IMMEDIATE');
  const commit = db.prepare('COMMIT');
  const save = db.prepare('SAVEPOINT job');
  const release = db.prepare('RELEASE job');
  const undo = db.prepare('ROLLBACK TO job');

  function attempt(job: Job): Settled {
    save.run();
    try {
      const value = job.work();
      release.run();
      return { ok: true, value };
    } catch (error) {
      undo.run();
      release.run();
      return { ok: false, error };
    }
  }

  function syncByCommit(isWanted: boolean): void {
    if (isWanted === isSyncedByCommit) return;
    db.pragma(`synchronous = ${isWanted ? 'FULL' : 'NORMAL'}`);
    isSyncedByCommit = isWanted;
  }

  /** Commits the first of the jobs, at least one. */
  function commitGroup(jobs: readonly Job[], isEarly: boolean): Settled[] {
    const end = performance.now() + longestGroup;
    const settled: Settled[] = [];
    try {
      if (failure !== null) throw failure;
      syncByCommit(!isEarly);
      begin.run();
      for (const job of jobs) {
        settled.push(attempt(job));
        if (performance.now() > end) break;
      }
      commit.run();
      return settled;
    } catch (cause) {
      if (db.inTransaction) db.exec('ROLLBACK');
      const error = failure ?? diskFailed(cause);
      return jobs.map(() => ({ ok: false, error }));
    }
  }

  async function sync(): Promise<void> {
    if (failure !== null) throw failure;
    try {
      await syncLog();
    } catch (cause) {
      if (failure === null) {
        failure = diskFailed(cause);
        onFailed(failure);
      }
      throw failure;
    }
  }

  function synced(): Promise<void> {
    const running = sync().finally(() => syncing.delete(running));
    syncing.add(running);
    return running;
  }

  function settle(jobs: readonly Job[], settled: readonly Settled[]): void {
    settled.forEach((result, index) => {
      const job = jobs[index] as Job;
      if (result.ok) job.resolve(result.value as never);
      else job.reject(result.error);
    });
  }

  function commitNext(): void {
    const jobs = queue.slice(0, maxGroup);
    const isEarly = jobs.every((job) => job.isEarly);
    const settled = commitGroup(jobs, isEarly);
    queue.splice(0, settled.length);
    if (isEarly) void settleSynced(jobs, settled);
    else settle(jobs, settled);
  }

  async function settleSynced(jobs: readonly Job[], settled: readonly Settled[]): Promise<void> {
    try {
      await synced();
      settle(jobs, settled);
    } catch (error) {
      settle(
        jobs,
        settled.map((result) => (result.ok ? { ok: false, error } : result)),
      );
    }
  }

  // Not a microtask: requests that arrived in this turn of the loop join the group, and between two groups all else has its turn.
  const schedule = (): void =>
    void setImmediate(() => {
      if (queue.length > 0) commitNext();
      isScheduled = queue.length > 0;
      if (isScheduled) schedule();
    });

  const writing =
    (isEarly: boolean): Write =>
    <T>(work: () => T) =>
      new Promise<T>((resolve, reject) => {
        queue.push({ isEarly, work, resolve, reject });
        if (isScheduled) return;
        isScheduled = true;
        schedule();
      });

  return {
    write: writing(false),
    writeEarly: writing(true),
    synced,
    async close() {
      while (queue.length > 0) commitNext();
      await Promise.allSettled(syncing);
    },
  };
}
