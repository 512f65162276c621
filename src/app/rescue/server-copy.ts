import type Database from 'better-sqlite3';
import { fromHex, toHex } from '../../common/bytes.ts';
import { HoldfastError, must } from '../../common/errors.ts';
import type { SignedEvent } from './account-chain.ts';
import { checkFormat, openCopied } from './copy-database.ts';
import type { StoredAccount } from './open-account.ts';
import type { AddProblem } from './report.ts';

export interface StoredEntry {
  readonly seq: number;
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly retained: Uint8Array;
  readonly released: Uint8Array;
}

interface EntryRow extends StoredEntry {
  readonly row: number;
}

export interface ObjectPlace {
  readonly file: number;
  readonly offset: number;
  readonly length: number;
}

/** A copy of the server's metadata, as `src/server/STORAGE.md` describes it. What cannot be read counts as not there. */
export interface ServerCopy {
  readonly dataDir: string;
  accounts(): Iterable<StoredAccount>;
  events(account: string): Iterable<SignedEvent>;
  /** The server's own number of a vault; null if it holds none of that id. */
  vaultNumber(vault: string): number | null;
  /** The same by the hash of its first entry, for a copy that lost the row which says it. */
  vaultBeginningWith(entryHash: Uint8Array): number | null;
  /** Vaults that the server files under the account. */
  vaultsOf(account: string): readonly string[];
  /** Seq of the last entry, be it there or not: any number where the copy is dishonest. */
  lastSeq(vault: number): number;
  /** The first seq from that one on that an entry may be at; null if there is none. */
  nextSeq(vault: number, from: number): number | null;
  entry(vault: number, seq: number): StoredEntry | null;
  grants(vault: number, epoch: number): Uint8Array | null;
  place(vault: number, object: string): ObjectPlace | null;
  close(): void;
}

/**
 * Opens a copy of the server's data. The database is copied once more, to `workDir`: SQLite writes beside a database that
 * it only reads. Throws `usage` if it is no such copy, `version` if it is of a newer format, `corrupt`.
 */
export async function openServerCopy(dataDir: string, workDir: string, addProblem: AddProblem): Promise<ServerCopy> {
  await checkFormat(dataDir, addProblem);
  const db = await openCopied(dataDir, workDir, addProblem);
  try {
    return readDatabase(db, dataDir);
  } catch (cause) {
    db.close();
    throw new HoldfastError('corrupt', 'meta.db is not a database of the server’s, or is damaged beyond reading.', {
      cause,
    });
  }
}

const entryBlobs = ['header', 'signature', 'ciphertext', 'retained', 'released'] as const;

const blob = (id: string): Uint8Array => must(fromHex(id));

/** Of a damaged page there may be values of any kind; a row with one of another than it should have is none. */
function sound<T extends object>(row: T | undefined, blobs: readonly (keyof T)[]): T | undefined {
  if (row === undefined) return undefined;
  const isSound = Object.entries(row).every(([column, value]) =>
    blobs.includes(column as keyof T) ? value instanceof Uint8Array : Number.isInteger(value),
  );
  return isSound ? row : undefined;
}

/** All rows; of a table with damaged pages those before them, and behind them by `backwards`. */
function readable<T>(forwards: Database.Statement<[], T>, backwards: Database.Statement<[], T>): readonly T[] {
  const rows: T[] = [];
  const take = (statement: Database.Statement<[], T>): boolean =>
    attempt(() => {
      for (const row of statement.iterate()) rows.push(row);
      return true;
    }, false);
  if (!take(forwards)) take(backwards);
  return rows;
}

/** The rows of damaged pages throw; they are as good as not there. */
function attempt<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** What `read` finds or, only where a damaged page is in its way, `other`; null: nothing. */
function eitherWay<T>(read: () => T | undefined, other: () => T | undefined): T | null {
  const isRead = attempt(() => ({ found: read() ?? null }), null);
  return isRead === null ? attempt(() => other() ?? null, null) : isRead.found;
}

function readDatabase(db: Database.Database, dataDir: string): ServerCopy {
  const accountRows = (order: 'ASC' | 'DESC') =>
    db.prepare<[], { id: Uint8Array; record: Uint8Array; record_signature: Uint8Array; head_seq: number }>(
      `SELECT id, record, record_signature, head_seq FROM accounts ORDER BY id ${order}`,
    );
  const [accountsForwards, accountsBackwards] = [accountRows('ASC'), accountRows('DESC')];
  const eventBySeq = db.prepare<
    [Uint8Array, number],
    { event: Uint8Array; signature: Uint8Array; device_signature: Uint8Array | null }
  >('SELECT event, signature, device_signature FROM account_events WHERE account = ? AND seq = ?');
  const numberOf = db.prepare<[Uint8Array], { n: number }>('SELECT n FROM vaults WHERE id = ?');
  const numberByEntry = db.prepare<[Uint8Array], { n: number }>(
    'SELECT vault AS n FROM entries WHERE seq = 1 AND hash = ?',
  );
  const ofAccount = db.prepare<[Uint8Array], { id: Uint8Array }>('SELECT id FROM vaults WHERE account = ? ORDER BY n');
  const headSeq = db.prepare<[number], { seq: number }>('SELECT head_seq AS seq FROM vaults WHERE n = ?');
  const maxSeq = db.prepare<[number], { seq: number | null }>('SELECT max(seq) AS seq FROM entries WHERE vault = ?');
  const nextSeq = db.prepare<[number, number, number], { seq: number }>(
    'SELECT seq FROM entries WHERE vault = ? AND seq >= ? AND seq <= ? ORDER BY seq LIMIT 1',
  );
  const entryColumns = 'rowid AS row, seq, header, signature, ciphertext, retained, released';
  const entryBySeq = db.prepare<[number, number], EntryRow>(
    `SELECT ${entryColumns} FROM entries WHERE vault = ? AND seq = ?`,
  );
  const entryBehind = db.prepare<[number, number, number], EntryRow>(
    `SELECT ${entryColumns} FROM entries NOT INDEXED WHERE rowid > ? AND vault = ? AND seq = ? ORDER BY rowid LIMIT 1`,
  );
  /** Row of the last entry that was read, by vault: those that follow it came later. */
  const rows = new Map<number, number>();
  const grantsBy = (how: string) =>
    db.prepare<[number, number], { grants: Uint8Array }>(
      `SELECT grants FROM grants ${how} WHERE vault = ? AND epoch = ?`,
    );
  const [grantsOf, grantsAnyhow] = [grantsBy(''), grantsBy('NOT INDEXED')];
  const placeOf = db.prepare<[number, Uint8Array], ObjectPlace>(
    'SELECT file, offset, length FROM objects WHERE vault = ? AND id = ?',
  );

  return {
    dataDir,
    *accounts() {
      for (const found of readable(accountsForwards, accountsBackwards)) {
        const row = sound(found, ['id', 'record', 'record_signature']);
        if (row === undefined) continue;
        yield {
          account: toHex(row.id),
          record: row.record,
          recordSignature: row.record_signature,
          chainLength: row.head_seq,
        };
      }
    },
    *events(account) {
      for (let seq = 1; ; seq++) {
        const row = attempt(() => eventBySeq.get(blob(account), seq), undefined);
        if (row === undefined) return;
        const { device_signature: deviceSignature, ...event } = row;
        const isSound = deviceSignature === null || deviceSignature instanceof Uint8Array;
        if (!isSound || sound(event, ['event', 'signature']) === undefined) return;
        yield { ...event, deviceSignature };
      }
    },
    vaultNumber: (vault) => attempt(() => sound(numberOf.get(blob(vault)), [])?.n ?? null, null),
    vaultBeginningWith: (entryHash) => attempt(() => sound(numberByEntry.get(entryHash), [])?.n ?? null, null),
    vaultsOf: (account) => attempt(() => ofAccount.all(blob(account)).map(({ id }) => toHex(id)), []),
    lastSeq: (vault) => {
      const head = attempt(() => sound(headSeq.get(vault), [])?.seq ?? 0, 0);
      const last = attempt(() => sound(maxSeq.get(vault), [])?.seq ?? 0, 0);
      return Math.min(Math.max(head, last), Number.MAX_SAFE_INTEGER);
    },
    nextSeq: (vault, from) => attempt(() => nextSeq.get(vault, from, Number.MAX_SAFE_INTEGER)?.seq ?? null, from),
    // Where a page of the index is damaged the table may still be whole.
    entry: (vault, seq) => {
      const found = eitherWay(
        () => sound(entryBySeq.get(vault, seq), entryBlobs),
        () => sound(entryBehind.get(rows.get(vault) ?? 0, vault, seq), entryBlobs),
      );
      if (found !== null) rows.set(vault, found.row);
      return found;
    },
    grants: (vault, epoch) =>
      eitherWay(
        () => sound(grantsOf.get(vault, epoch), ['grants'])?.grants,
        () => sound(grantsAnyhow.get(vault, epoch), ['grants'])?.grants,
      ),
    place: (vault, object) => attempt(() => sound(placeOf.get(vault, blob(object)), []) ?? null, null),
    close: () => db.close(),
  };
}
