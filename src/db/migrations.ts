import { closeSync, openSync, readSync } from 'node:fs';
import { HoldfastError } from '../common/errors.ts';
import type { Connection } from './connection.ts';
import { corruptIndex } from './sql-error.ts';

/** Brings a file of version `to - 1` to `to`. Each runs in the transaction of the whole upgrade. */
export interface Migration {
  readonly to: number;
  readonly sql: string;
}

/** From version 2 on, in order, without a gap. The schema in schema.ts is where they lead. */
export const migrations: readonly Migration[] = [
  // What diverges is gone through folder by folder, and what has a base apart from what is new.
  {
    to: 2,
    sql: `DROP INDEX node_diverged;
      CREATE INDEX node_based ON node (coalesce(remote_parent, local_parent, synced_parent))
        WHERE diverged = 1 AND synced_parent IS NOT NULL;
      CREATE INDEX node_new ON node (coalesce(remote_parent, local_parent)) WHERE diverged = 1 AND synced_parent IS NULL`,
  },
  // What came back into the vault is looked for in the folder before it counts as deleted there.
  { to: 3, sql: 'CREATE TABLE returned (node BLOB PRIMARY KEY) WITHOUT ROWID' },
  // Nobody ever asked for them.
  {
    to: 4,
    sql: 'ALTER TABLE batch DROP COLUMN undo_of; ALTER TABLE state DROP COLUMN divergence_version',
  },
];

export interface SchemaPlan {
  readonly version: number;
  readonly applicationId: number;
  readonly schema: string;
  readonly migrations: readonly Migration[];
}

const newer = () =>
  new HoldfastError('version', 'The local index was written by a newer version of Holdfast. Update the app.');

const magic = 'SQLite format 3\0';

/**
 * Refuses a newer file, and one that is no database, before SQLite opens it and may write to it (file format of SQLite,
 * 1.3: user version at byte 60, application id at byte 68).
 */
export function refuseForeignFile(path: string, plan: SchemaPlan): void {
  const header = Buffer.alloc(100);
  let length: number;
  try {
    const file = openSync(path, 'r');
    try {
      length = readSync(file, header, 0, header.length, 0);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw new HoldfastError('io', 'The local index cannot be read. Check its disk and permissions.', { cause: error });
  }
  if (length === 0) return;
  if (length < header.length || header.toString('latin1', 0, 16) !== magic) throw corruptIndex();
  const id = header.readUInt32BE(68);
  if (id === plan.applicationId && header.readUInt32BE(60) > plan.version) throw newer();
}

/** Makes the tables of a new file, or brings an older one to the present, all or nothing. */
export function migrate(connection: Connection, plan: SchemaPlan): void {
  const pragma = (name: string) => connection.pragma(name) as number;
  const version = pragma('user_version');
  if (version > plan.version) throw newer();
  const isNew = pragma('schema_version') === 0;
  if (!isNew && pragma('application_id') !== plan.applicationId) throw corruptIndex();
  connection.pragma('journal_mode = WAL');
  if (version === plan.version) return;
  const steps = isNew ? [plan.schema] : plan.migrations.filter((step) => step.to > version).map((step) => step.sql);
  if (!isNew && steps.length !== plan.version - version) throw corruptIndex();
  connection.transaction(() => {
    for (const step of steps) connection.exec(step);
    connection.exec(`PRAGMA application_id = ${plan.applicationId}; PRAGMA user_version = ${plan.version}`);
  }, true);
}
