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

  function commitGroup(jobs: readonly Job[]): Settled[] {
    try {
      begin.run();
      const settled = jobs.map(attempt);
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

  function flush(): void {
    isScheduled = false;
    while (queue.length > 0) {
      const jobs = queue.splice(0, maxGroup);
      const settled = commitGroup(jobs);
      jobs.forEach((job, index) => {
        const result = settled[index] as Settled;
        if (result.ok) job.resolve(result.value as never);
        else job.reject(result.error);
      });
    }
  }

  function write<T>(work: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      queue.push({ work, resolve, reject });
      if (isScheduled) return;
      isScheduled = true;
      // Not a microtask: requests that arrived in this turn of the loop join the group.
      setImmediate(flush);
    });
  }

  return { write, flush };
}
