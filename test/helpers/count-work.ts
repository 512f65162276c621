import Database from 'better-sqlite3';
import type { Disk } from '../../src/local/disk.ts';
import { nodeDisk } from '../../src/local/node-disk.ts';

/** The real disk, with its calls counted by name, and under `names` all that its folders were said to hold. */
export function countingDisk(): { readonly disk: Disk; readonly calls: ReadonlyMap<string, number> } {
  const calls = new Map<string, number>();
  const count = (name: string, more: number): void => void calls.set(name, (calls.get(name) ?? 0) + more);
  const disk = Object.fromEntries(
    Object.entries(nodeDisk).map(([name, call]) => [
      name,
      typeof call === 'string'
        ? call
        : (...given: unknown[]) => {
            count(name, 1);
            const result = (call as (...given: unknown[]) => unknown)(...given);
            if (Array.isArray(result)) count('names', result.length);
            return result;
          },
    ]),
  ) as unknown as Disk;
  return { disk, calls };
}

export interface StatementCount {
  readonly reads: () => number;
  /** Rows that came of them. */
  readonly rows: () => number;
  readonly writes: () => number;
  readonly commits: () => number;
  readonly stop: () => void;
}

/** Counts the statements of all databases that are opened from now on in this process. */
export function countStatements(): StatementCount {
  let reads = 0;
  let rows = 0;
  let writes = 0;
  let commits = 0;
  const { prototype } = Database as unknown as { prototype: { prepare(source: string): Database.Statement } };
  const { prepare } = prototype;
  prototype.prepare = function counted(this: unknown, source: string) {
    const statement = prepare.call(this as typeof prototype, source);
    const isCommit = source === 'COMMIT';
    const { get, all, run } = statement;
    statement.get = (...values: unknown[]) => {
      reads++;
      rows++;
      return get.apply(statement, values);
    };
    statement.all = (...values: unknown[]) => {
      reads++;
      const found = all.apply(statement, values);
      rows += found.length;
      return found;
    };
    statement.run = (...values: unknown[]) => {
      if (isCommit) commits++;
      else writes++;
      return run.apply(statement, values);
    };
    return statement;
  };
  return {
    reads: () => reads,
    rows: () => rows,
    writes: () => writes,
    commits: () => commits,
    stop: () => {
      prototype.prepare = prepare;
    },
  };
}
