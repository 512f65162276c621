import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

/** Looks into the database of a server that runs, to see what it has without asking it. */

const open = new Map<string, Database.Database>();

function databaseIn(folder: string): Database.Database {
  const known = open.get(folder);
  if (known !== undefined) return known;
  const name = readdirSync(folder).find((file) => file.endsWith('.db') || file.endsWith('.sqlite'));
  if (name === undefined) throw new Error(`no database in ${folder}`);
  const database = new Database(join(folder, name));
  open.set(folder, database);
  return database;
}

/** Entries in all logs. */
export const logLength = (folder: string): number =>
  (databaseIn(folder).prepare('SELECT count(*) AS n FROM entries').get() as { n: number }).n;

/** Takes away the checkpoints, as if none had ever been written; how many there are. */
export function forgetCheckpoints(folder: string, { isDry = false } = {}): number {
  const database = databaseIn(folder);
  const { n } = database.prepare('SELECT count(*) AS n FROM checkpoints').get() as { n: number };
  if (!isDry) database.prepare('DELETE FROM checkpoints').run();
  return n;
}

/** Lets go of the file, so that its volume can be unmounted. */
export function closeDatabase(folder: string): void {
  open.get(folder)?.close();
  open.delete(folder);
}
