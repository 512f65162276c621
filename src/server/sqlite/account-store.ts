import type Database from 'better-sqlite3';
import { isEqual } from '../../common/bytes.ts';
import type { AccountId } from '../../common/ids.ts';
import { objectOverheadBytes } from '../../wire/limits.ts';
import type { AccountStore, ChainChange, StoredEvent } from '../metadata-store.ts';
import type { Write } from './group-commit.ts';
import { type HeadColumns, headOf, idBlob, idOfBlob, plain } from './rows.ts';
import { isRemoved } from './schema.ts';

interface EventRow {
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly event: Uint8Array;
  readonly signature: Uint8Array;
  readonly device_signature: Uint8Array | null;
}

const eventOf = (row: EventRow): StoredEvent => ({
  seq: row.seq,
  hash: plain(row.hash),
  event: plain(row.event),
  signature: plain(row.signature),
  deviceSignature: row.device_signature === null ? null : plain(row.device_signature),
});

/** Appends one event where the chain ends at `expected`. To be called in a transaction. */
export type AppendChain = (change: ChainChange) => 'done' | 'moved';

export function createChainAppender(db: Database.Database): AppendChain {
  const move = db.prepare(
    'UPDATE accounts SET head_seq = ?, head_hash = ? WHERE id = ? AND head_seq = ? AND head_hash = ?',
  );
  const insert = createEventInserter(db);
  return ({ account, expected, event }) => {
    const { changes } = move.run(event.seq, event.hash, idBlob(account), expected.seq, expected.hash);
    if (changes === 0) return 'moved';
    insert(account, event);
    return 'done';
  };
}

function createEventInserter(db: Database.Database): (account: AccountId, event: StoredEvent) => void {
  const insert = db.prepare('INSERT INTO account_events VALUES (?, ?, ?, ?, ?, ?)');
  return (account, { seq, hash, event, signature, deviceSignature }) => {
    insert.run(idBlob(account), seq, hash, event, signature, deviceSignature);
  };
}

export function createAccountStore(db: Database.Database, write: Write, appendChain: AppendChain): AccountStore {
  const byId = db.prepare<
    [Uint8Array],
    HeadColumns & { record: Uint8Array; record_signature: Uint8Array; used: number }
  >(`SELECT head_seq, head_hash, record, record_signature, used FROM accounts WHERE id = ? AND NOT ${isRemoved}`);
  const byEmail = db.prepare<[string], { id: Uint8Array }>(
    `SELECT id FROM accounts WHERE email = ? AND NOT ${isRemoved}`,
  );
  const exists = db.prepare<[Uint8Array], { one: number }>('SELECT 1 AS one FROM accounts WHERE id = ?');
  const insert = db.prepare('INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, 0, ?)');
  const insertEvent = createEventInserter(db);
  const setRecord = db.prepare('UPDATE accounts SET record = ?, record_signature = ?, email = ? WHERE id = ?');
  const eventsAfter = db.prepare<[Uint8Array, number, number], EventRow>(
    'SELECT seq, hash, event, signature, device_signature FROM account_events WHERE account = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const removeSessions = db.prepare('DELETE FROM sessions WHERE account = ?');
  const removeEvents = db.prepare('DELETE FROM account_events WHERE account = ?');
  const bury = db.prepare(
    `UPDATE accounts SET email = ?, record = zeroblob(0), record_signature = zeroblob(0), head_seq = -1,
     head_hash = zeroblob(32) WHERE id = ?`,
  );
  const pending = db.prepare<[Uint8Array], { count: number; bytes: number | null }>(
    `SELECT count(*) AS count, sum(length) AS bytes FROM objects
     WHERE expires IS NOT NULL AND vault IN (SELECT n FROM vaults WHERE account = ?)`,
  );

  return {
    create: (account) =>
      write(() => {
        if (exists.get(idBlob(account.account)) !== undefined) return 'exists';
        if (byEmail.get(account.email) !== undefined) return 'email-taken';
        const last = account.events.at(-1);
        insert.run(
          idBlob(account.account),
          account.email,
          account.record.body,
          account.record.signature,
          last?.seq ?? 0,
          last?.hash ?? new Uint8Array(32),
          account.now,
        );
        for (const event of account.events) insertEvent(account.account, event);
        return 'done';
      }),
    byEmail: async (email) => {
      const row = byEmail.get(email);
      return row === undefined ? null : idOfBlob(row.id);
    },
    record: async (account) => {
      const row = byId.get(idBlob(account));
      return row === undefined ? null : { body: plain(row.record), signature: plain(row.record_signature) };
    },
    head: async (account) => {
      const row = byId.get(idBlob(account));
      return row === undefined ? null : headOf(row);
    },
    events: async (account, after, { maxBytes, maxCount }) => {
      const events: StoredEvent[] = [];
      let bytes = 0;
      for (const row of eventsAfter.iterate(idBlob(account), after, maxCount)) {
        bytes += row.event.length;
        if (events.length > 0 && bytes > maxBytes) break;
        events.push(eventOf(row));
      }
      return events;
    },
    append: (change, record) =>
      write(() => {
        if (record !== undefined) {
          const holder = byEmail.get(record.email);
          if (holder !== undefined && !isEqual(holder.id, idBlob(change.account))) return 'email-taken';
        }
        if (appendChain(change) === 'moved') return 'moved';
        if (record !== undefined) {
          setRecord.run(record.signed.body, record.signed.signature, record.email, idBlob(change.account));
        }
        return 'done';
      }),
    remove: (account) =>
      write(() => {
        const id = idBlob(account);
        if (byId.get(id) === undefined) return 'missing';
        removeSessions.run(id);
        removeEvents.run(id);
        // No e-mail address is without an "@".
        bury.run(account, id);
        return 'done';
      }),
    used: async (account) => byId.get(idBlob(account))?.used ?? 0,
    pending: async (account) => {
      const due = pending.get(idBlob(account));
      return (due?.bytes ?? 0) + (due?.count ?? 0) * objectOverheadBytes;
    },
  };
}
