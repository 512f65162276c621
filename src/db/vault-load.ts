import type { Connection } from './connection.ts';
import { vaultIndexes } from './schema.ts';
import { numberValue } from './values.ts';

/** Rows in random order cost several times as much if each goes into its place in indexes larger than the cache. */
export interface VaultLoad {
  /** The indexes are missing: nothing may be looked for by them, row after row. */
  isLoading(): boolean;
  begin(): void;
  end(): void;
}

export function createVaultLoad(connection: Connection): VaultLoad {
  const { prepare } = connection;
  const names = Object.keys(vaultIndexes);
  const there = prepare(
    `SELECT count(*) FROM sqlite_schema WHERE name IN (${names.map((name) => `'${name}'`).join()})`,
  );
  const areMissing = () => numberValue(there.get()?.[0]) < names.length;
  let isLoading = areMissing();
  connection.afterRollback(() => {
    isLoading = areMissing();
  });
  return {
    isLoading: () => isLoading,
    begin: () => {
      if (isLoading) return;
      for (const name of names) prepare(`DROP INDEX ${name}`).run();
      isLoading = true;
    },
    end: () => {
      if (!isLoading) return;
      for (const sql of Object.values(vaultIndexes)) prepare(sql).run();
      isLoading = false;
    },
  };
}
