import type { Connection } from './connection.ts';
import type { RowIds } from './row-ids.ts';
import { idIndexes, vaultIndexes } from './schema.ts';
import { numberValue } from './values.ts';

/** Rows in random order cost several times as much if each goes into its place in indexes larger than the cache. */
export interface VaultLoad {
  /** The indexes on parents and names are missing: nothing may be looked for by them, row after row. */
  isLoading(): boolean;
  begin(): void;
  /** Only the indexes on ids go: they alone are in random order in a log, whose rules ask for all others. */
  beginReplay(): void;
  /** Of either. */
  end(): void;
}

/** Ends a replay that stopped in the middle. A load that did is left to whoever knows that what came of it counts for nothing. */
export function createVaultLoad(connection: Connection, ids: readonly RowIds[]): VaultLoad {
  const { prepare } = connection;
  const countOf = (names: readonly string[]) =>
    prepare(`SELECT count(*) FROM sqlite_schema WHERE name IN (${names.map((name) => `'${name}'`).join()})`);
  const all = { ...vaultIndexes, ...idIndexes };
  const { revision_id, ...others } = vaultIndexes;
  const areMissing = (names: readonly string[]): (() => boolean) => {
    const count = countOf(names);
    return () => numberValue(count.get()?.[0]) < names.length;
  };
  const areOthersMissing = areMissing(Object.keys(others));
  const areIdsMissing = areMissing(['node_id']);
  const isThere = prepare('SELECT 1 FROM sqlite_schema WHERE name = ?');

  let isLoading = false;
  let isReplaying = false;
  const look = () => {
    isLoading = areOthersMissing();
    const areGathered = isReplaying;
    isReplaying = areIdsMissing();
    if (isReplaying && !areGathered) for (const each of ids) each.gather();
    if (!isReplaying) for (const each of ids) each.release();
  };
  const drop = (indexes: object) => {
    for (const name of Object.keys(indexes)) if (isThere.get(name) !== undefined) prepare(`DROP INDEX ${name}`).run();
  };
  const end = () => {
    if (!isLoading && !isReplaying) return;
    for (const [name, sql] of Object.entries(all)) if (isThere.get(name) === undefined) prepare(sql).run();
    look();
  };
  if (areIdsMissing()) {
    isReplaying = true;
    connection.transaction(end, false);
  }
  look();
  connection.afterRollback(look);
  return {
    isLoading: () => isLoading,
    begin: () => {
      if (isLoading) return;
      drop(vaultIndexes);
      look();
    },
    beginReplay: () => {
      if (isReplaying || isLoading) return;
      drop(idIndexes);
      look();
    },
    end,
  };
}
