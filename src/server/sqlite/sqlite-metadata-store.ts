import { randomBytes } from 'node:crypto';
import Database from 'better-sqlite3';
import { HoldfastError } from '../../common/errors.ts';
import type { MetadataStore } from '../metadata-store.ts';
import { createAccountStore, createChainAppender } from './account-store.ts';
import { createGroupCommit } from './group-commit.ts';
import { createLogSync } from './log-sync.ts';
import { createObjectIndex, createObjectRecorder } from './object-index.ts';
import { plain } from './rows.ts';
import { packIndex, removedIndex, schema, schemaVersion } from './schema.ts';
import { createSessionStore } from './session-store.ts';
import { createVaultStore } from './vault-store.ts';

/**
 * The metadata store in one SQLite file. Every commit is synced before it is answered (WAL; by SQLite, or beside it where only
 * objects are recorded); writes that come together share a commit. Throws `version` if the file is of a newer format, and leaves it untouched.
 * `onFailed`: nothing can be written any more until it is opened anew.
 */
export function openSqliteMetadata(path: string, onFailed?: (error: HoldfastError) => void): MetadataStore {
  const db = new Database(path);
  try {
    const found = db.pragma('user_version', { simple: true }) as number;
    if (found > schemaVersion) {
      throw new HoldfastError(
        'version',
        'The server’s database was written by a newer version of Holdfast; update it.',
      );
    }
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = FULL');
    // On macOS a plain fsync does not reach the disk.
    db.pragma('fullfsync = ON');
    db.pragma('checkpoint_fullfsync = ON');
    db.pragma('foreign_keys = ON');
    // What is deleted is to be gone from the disk, not only from the tables.
    db.pragma('secure_delete = ON');
    db.pragma('cache_size = -8192');
    db.pragma('journal_size_limit = 67108864');
    db.transaction(() => {
      if (found === 0) {
        db.exec(schema);
        db.prepare("INSERT INTO facts VALUES ('start', 0), ('secret', ?)").run(randomBytes(32));
        db.pragma(`user_version = ${schemaVersion}`);
      }
      db.exec(packIndex + removedIndex);
    }).immediate();
    return build(db, path, onFailed);
  } catch (error) {
    db.close();
    throw error;
  }
}

function build(db: Database.Database, path: string, onFailed?: (error: HoldfastError) => void): MetadataStore {
  db.prepare("UPDATE facts SET value = value + 1 WHERE name = 'start'").run();
  const log = createLogSync(path);
  const commits = createGroupCommit(db, log.sync, onFailed);
  const { write } = commits;
  const appendChain = createChainAppender(db);
  const record = createObjectRecorder(db);
  const fact = (name: string): unknown =>
    db.prepare<[string], { value: unknown }>('SELECT value FROM facts WHERE name = ?').get(name)?.value;

  return {
    accounts: createAccountStore(db, write, appendChain),
    sessions: createSessionStore(db, write),
    vaults: createVaultStore(db, write, appendChain, record),
    objects: createObjectIndex(db, commits, record),
    start: fact('start') as number,
    secret: plain(fact('secret') as Uint8Array),
    close: async () => {
      await commits.close();
      await log.close();
      db.close();
    },
  };
}
