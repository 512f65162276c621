import type Database from 'better-sqlite3';
import type { SessionStore } from '../metadata-store.ts';
import type { Write } from './group-commit.ts';
import { idBlob, idOfBlob, plain } from './rows.ts';
import { isRemoved } from './schema.ts';

interface SessionRow {
  readonly account: Uint8Array;
  readonly device_public: Uint8Array;
  readonly expires: number;
}

export function createSessionStore(db: Database.Database, write: Write): SessionStore {
  // With a session, the row of an account that was removed could not go.
  const insert = db.prepare(
    `INSERT OR REPLACE INTO sessions SELECT ?, id, ?, ? FROM accounts WHERE id = ? AND NOT ${isRemoved}`,
  );
  const byToken = db.prepare<[Uint8Array], SessionRow>(
    'SELECT account, device_public, expires FROM sessions WHERE token_hash = ?',
  );
  const remove = db.prepare('DELETE FROM sessions WHERE token_hash = ?');
  const removeThis = db.prepare('DELETE FROM sessions WHERE account = ? AND device_public = ?');
  const removeOthers = db.prepare('DELETE FROM sessions WHERE account = ? AND device_public <> ?');
  const removeExpired = db.prepare('DELETE FROM sessions WHERE expires <= ?');

  return {
    put: (session) =>
      write(() => {
        insert.run(session.tokenHash, session.devicePublic, session.expires, idBlob(session.account));
      }),
    find: async (tokenHash) => {
      const row = byToken.get(tokenHash);
      if (row === undefined) return null;
      const { account, device_public, expires } = row;
      return { tokenHash, account: idOfBlob(account), devicePublic: plain(device_public), expires };
    },
    remove: (tokenHash) =>
      write(() => {
        remove.run(tokenHash);
      }),
    removeOf: (account, devicePublic, which) =>
      write(() => {
        (which === 'this' ? removeThis : removeOthers).run(idBlob(account), devicePublic);
      }),
    removeExpired: (now) => write(() => removeExpired.run(now).changes),
  };
}
