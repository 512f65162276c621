import type Database from 'better-sqlite3';
import { HoldfastError } from '../../common/errors.ts';

/** Runs `work` in a transaction; resolves with its result once that is durable. */
export type Write = <T>(work: () => T) => Promise<T>;

interface Job {
  readonly work: () => unknown;
  readonly resolve: (value: never) => void;
  readonly reject: (error: unknown) => void;
}

type Settled = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: unknown };

// So many that a sync is shared well, so few that other requests do not wait long.
const maxGroup = 128;
/** Milliseconds after which a group takes no more: an entry may list 131,072 objects, and nothing else runs meanwhile. */
const longestGroup = 50;

/**
 * Writes that are asked for while others are under way share one commit, and so one sync of the disk. Each has a savepoint
 * of its own: one that throws leaves no trace and does not disturb the others.
 */
export function createGroupCommit(db: Database.Database): { readonly write: Write; flush(): void } {
  const queue: Job[] = [];
  let isScheduled = false;
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

  /** Of the first jobs, one at least. */
  function commitGroup(jobs: readonly Job[]): Settled[] {
    const end = performance.now() + longestGroup;
    const settled: Settled[] = [];
    try {
      begin.run();
      for (const job of jobs) {
        settled.push(attempt(job));
        if (performance.now() > end) break;
      }
      commit.run();
      return settled;
    } catch (cause) {
      if (db.inTransaction) db.exec('ROLLBACK');
      const error = new HoldfastError('io', 'The server could not write to its database; its disk may be full.', {
        reason: 'disk',
        cause,
      });
      return jobs.map(() => ({ ok: false, error }));
    }
  }

  function commitNext(): void {
    const jobs = queue.slice(0, maxGroup);
    const settled = commitGroup(jobs);
    queue.splice(0, settled.length);
    settled.forEach((result, index) => {
      const job = jobs[index] as Job;
      if (result.ok) job.resolve(result.value as never);
      else job.reject(result.error);
    });
  }

  // Not a microtask: requests that arrived in this turn of the loop join the group, and between two groups all else has its turn.
  const schedule = (): void =>
    void setImmediate(() => {
      if (queue.length > 0) commitNext();
      isScheduled = queue.length > 0;
      if (isScheduled) schedule();
    });

  function flush(): void {
    while (queue.length > 0) commitNext();
  }

  function write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      queue.push({ work, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      schedule();
    });
  }

  return { write, flush };
}
