import Database from 'better-sqlite3';
import type { Disk } from '../../src/local/disk.ts';
import { nodeDisk } from '../../src/local/node-disk.ts';

/** The real disk, with its calls counted by name. */
export function countingDisk(): { readonly disk: Disk; readonly calls: ReadonlyMap<string, number> } {
  const calls = new Map<string, number>();
  const disk = Object.fromEntries(
    Object.entries(nodeDisk).map(([name, call]) => [
      name,
      typeof call === 'string'
        ? call
        : (...given: unknown[]) => {
            calls.set(name, (calls.get(name) ?? 0) + 1);
            return (call as (...given: unknown[]) => unknown)(...given);
          },
    ]),
  ) as unknown as Disk;
  return { disk, calls };
}

export interface StatementCount {
  readonly reads: () => number;
  readonly writes: () => number;
  readonly commits: () => number;
  readonly stop: () => void;
}

/** Counts the statements of all databases that are opened from now on in this process. */
export function countStatements(): StatementCount {
  let reads = 0;
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
      return get.apply(statement, values);
    };
    statement.all = (...values: unknown[]) => {
      reads++;
      return all.apply(statement, values);
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
    writes: () => writes,
    commits: () => commits,
    stop: () => {
      prototype.prepare = prepare;
    },
  };
}
