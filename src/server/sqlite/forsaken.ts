import { randomBytes } from 'node:crypto';
import type Database from 'better-sqlite3';
import { objectOverheadBytes } from '../../wire/limits.ts';
import type { VaultStore } from '../metadata-store.ts';
import type { Write } from './group-commit.ts';
import { idBlob, idOfBlob } from './rows.ts';
import { isRemoved } from './schema.ts';

/**
 * Vaults of accounts that were removed. Asked for at each collection and each slice of it, with the server waiting: so it starts
 * from those few accounts (a cross join keeps that order), and does not go through all vaults.
 */
export const forsakenVaults = `SELECT n FROM accounts CROSS JOIN vaults ON vaults.account = accounts.id WHERE ${isRemoved}`;

interface OwnedVault {
  readonly n: number;
  readonly account: Uint8Array;
  readonly objects: number;
  readonly bytes: number;
  readonly created: number;
}

/** How vaults go: at once from their account, and what they hold in slices. */
export function createForsaken(db: Database.Database, write: Write): Pick<VaultStore, 'remove' | 'removeForsaken'> {
  const byId = db.prepare<[Uint8Array], OwnedVault>(
    'SELECT n, account, objects, bytes, created FROM vaults WHERE id = ?',
  );
  const dig = db.prepare(
    `INSERT INTO accounts (id, email, record, record_signature, head_seq, head_hash, used, created)
     VALUES (?, ?, zeroblob(0), zeroblob(0), -1, zeroblob(32), ?, ?)`,
  );
  const bury = db.prepare('UPDATE vaults SET account = ? WHERE n = ?');
  const uncharge = db.prepare('UPDATE accounts SET used = used - ? WHERE id = ?');
  const expireForsaken = db.prepare(
    `UPDATE objects SET retained = 0, listed = 0, expires = ? WHERE (vault, id) IN (
       SELECT vault, id FROM objects WHERE vault IN (${forsakenVaults}) AND (expires IS NULL OR expires > ?) LIMIT ?)`,
  );
  const forgetEntries = db.prepare(
    `DELETE FROM entries WHERE rowid IN (SELECT rowid FROM entries WHERE vault IN (${forsakenVaults}) LIMIT ?)`,
  );
  const empty = db.prepare<[], { n: number }>(
    `${forsakenVaults} AND NOT EXISTS (SELECT 1 FROM objects WHERE vault = n) AND NOT EXISTS (SELECT 1 FROM entries WHERE vault = n)`,
  );
  const forgetVault = [
    'device_seqs WHERE vault',
    'grants WHERE vault',
    'checkpoints WHERE vault',
    'vaults WHERE n',
  ].map((rows) => db.prepare(`DELETE FROM ${rows} = ?`));
  const forgetAccounts = db.prepare(
    `DELETE FROM accounts WHERE ${isRemoved} AND NOT EXISTS (SELECT 1 FROM vaults WHERE account = accounts.id)`,
  );

  /** Not written over until others write as much; that of an earlier start, perhaps, as well. */
  let mayLogHoldTraces = true;

  return {
    remove: (account, vault) =>
      write(() => {
        const row = byId.get(idBlob(vault));
        if (row === undefined || idOfBlob(row.account) !== account) return 'missing';
        const { n, bytes, objects, created } = row;
        const cost = bytes + objects * objectOverheadBytes;
        // The vault goes to an account that nobody has, and from then on is like those of an account that was removed.
        const grave = randomBytes(16);
        dig.run(grave, grave.toString('hex'), cost, created);
        bury.run(grave, n);
        uncharge.run(cost, idBlob(account));
        return 'done';
      }),
    removeForsaken: async (now, limit) => {
      const done = await write(() => {
        let count = expireForsaken.run(now, now, limit).changes + forgetEntries.run(limit).changes;
        for (const { n } of empty.all()) {
          for (const statement of forgetVault) count += statement.run(n).changes;
        }
        return count + forgetAccounts.run().changes;
      });
      if (done > 0) mayLogHoldTraces = true;
      else if (mayLogHoldTraces) mayLogHoldTraces = !emptyLog(db);
      return done;
    },
  };
}

/** Answers whether it did: not on a disk that is full, nor while another program reads, such as a backup, for which nothing waits. */
function emptyLog(db: Database.Database): boolean {
  const timeout = db.pragma('busy_timeout', { simple: true });
  try {
    db.pragma('busy_timeout = 0');
    return db.pragma('wal_checkpoint(TRUNCATE)', { simple: true }) === 0;
  } catch {
    return false;
  } finally {
    db.pragma(`busy_timeout = ${timeout}`);
  }
}
