import type Database from 'better-sqlite3';
import { must } from '../../common/errors.ts';
import type { ObjectId } from '../../common/ids.ts';
import { joinIds, splitIds } from '../../wire/field.ts';
import type { Entry, StoredEntry } from '../../wire/types.ts';
import type { EntryRow, VaultState, VaultStore } from '../metadata-store.ts';
import type { AppendChain } from './account-store.ts';
import { createForsaken } from './forsaken.ts';
import type { Write } from './group-commit.ts';
import type { RecordObjects } from './object-index.ts';
import { type HeadColumns, headOf, idBlob, idOfBlob, plain } from './rows.ts';
import { isRemoved } from './schema.ts';

interface VaultRow extends HeadColumns {
  readonly n: number;
  readonly id: Uint8Array;
  readonly account: Uint8Array;
  readonly epoch: number;
  readonly epoch_position: number;
  readonly account_position: number;
  readonly objects: number;
  readonly bytes: number;
  readonly checkpoint_seq: number | null;
}

const stateOf = (row: VaultRow): VaultState => ({
  vault: idOfBlob(row.id),
  account: idOfBlob(row.account),
  head: headOf(row),
  epoch: row.epoch,
  epochPosition: row.epoch_position,
  accountPosition: row.account_position,
  objects: row.objects,
  bytes: row.bytes,
  checkpointSeq: row.checkpoint_seq ?? 0,
});

interface EntryColumns {
  readonly header: Uint8Array;
  readonly signature: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly retained: Uint8Array | null;
  readonly released: Uint8Array | null;
}

const entryOf = (row: EntryColumns): StoredEntry => ({
  header: plain(row.header),
  signature: plain(row.signature),
  ciphertext: plain(row.ciphertext),
  retained: row.retained === null ? null : splitIds(row.retained),
  released: row.released === null ? null : splitIds(row.released),
});

const sealedBytes = (entry: Entry): number => entry.header.length + entry.signature.length + entry.ciphertext.length;

export function createVaultStore(
  db: Database.Database,
  write: Write,
  appendChain: AppendChain,
  record: RecordObjects,
): VaultStore {
  const selectVault = `SELECT vaults.*, checkpoints.seq AS checkpoint_seq
    FROM vaults LEFT JOIN checkpoints ON checkpoints.vault = vaults.n`;
  const byId = db.prepare<[Uint8Array], VaultRow>(`${selectVault} WHERE id = ?`);
  const live = db.prepare<[Uint8Array], VaultRow>(
    `${selectVault} JOIN accounts ON accounts.id = vaults.account WHERE vaults.id = ? AND NOT ${isRemoved}`,
  );
  const ofAccount = db.prepare<[Uint8Array], VaultRow>(`${selectVault} WHERE account = ? ORDER BY n`);
  const insertVault = db.prepare(
    `INSERT INTO vaults (id, account, head_seq, head_hash, epoch, epoch_position, account_position, objects, bytes, created)
     VALUES (?, ?, 0, zeroblob(32), 0, 0, 0, 0, 0, ?)`,
  );
  const moveHead = db.prepare(
    'UPDATE vaults SET head_seq = ?, head_hash = ?, account_position = ? WHERE n = ? AND head_seq = ? AND head_hash = ?',
  );
  const setEpoch = db.prepare('UPDATE vaults SET epoch = ?, epoch_position = ? WHERE n = ?');
  const insertEntry = db.prepare('INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const insertGrants = db.prepare('INSERT INTO grants VALUES (?, ?, ?)');
  const setDeviceSeq = db.prepare('INSERT OR REPLACE INTO device_seqs VALUES (?, ?, ?)');
  const deviceSeq = db.prepare<[Uint8Array, Uint8Array], { seq: number }>(
    'SELECT seq FROM device_seqs WHERE vault = (SELECT n FROM vaults WHERE id = ?) AND device = ?',
  );
  const entryHash = db.prepare<[Uint8Array, number], { hash: Uint8Array }>(
    'SELECT hash FROM entries WHERE vault = (SELECT n FROM vaults WHERE id = ?) AND seq = ?',
  );
  const sizes = db.prepare<[number, number, number], { seq: number; bytes: number }>(
    'SELECT seq, bytes FROM entries WHERE vault = ? AND seq > ? ORDER BY seq LIMIT ?',
  );
  const listSizes = db.prepare<[number, number, number], { seq: number; bytes: number }>(
    `SELECT seq, bytes + length(retained) + length(released) AS bytes FROM entries
     WHERE vault = ? AND seq > ? ORDER BY seq LIMIT ?`,
  );
  const entries = db.prepare<[number, number, number], EntryColumns>(
    `SELECT header, signature, ciphertext, NULL AS retained, NULL AS released FROM entries WHERE vault = ? AND seq > ? AND seq <= ? ORDER BY seq`,
  );
  const entriesWithLists = db.prepare<[number, number, number], EntryColumns>(
    `SELECT header, signature, ciphertext, retained, released FROM entries WHERE vault = ? AND seq > ? AND seq <= ? ORDER BY seq`,
  );
  const isHeld = db.prepare<[number, Uint8Array], { one: number }>(
    'SELECT 1 AS one FROM objects WHERE vault = ? AND id = ?',
  );
  const retain = db.prepare('UPDATE objects SET retained = 1, expires = NULL WHERE vault = ? AND id = ?');
  const release = db.prepare(
    'UPDATE objects SET retained = 0, expires = CASE listed WHEN 1 THEN NULL ELSE ? END WHERE vault = ? AND id = ? AND retained = 1',
  );
  const list = db.prepare('UPDATE objects SET listed = 1, expires = NULL WHERE vault = ? AND id = ?');
  const unlist = db.prepare(
    'UPDATE objects SET listed = 0, expires = CASE retained WHEN 1 THEN NULL ELSE ? END WHERE vault = ? AND id = ? AND listed = 1',
  );
  const grants = db.prepare<[Uint8Array, number], { grants: Uint8Array }>(
    'SELECT grants FROM grants WHERE vault = (SELECT n FROM vaults WHERE id = ?) AND epoch = ?',
  );
  const checkpoint = db.prepare<
    [Uint8Array],
    { body: Uint8Array; signature: Uint8Array; box: Uint8Array; pages: Uint8Array }
  >('SELECT body, signature, box, pages FROM checkpoints WHERE vault = (SELECT n FROM vaults WHERE id = ?)');
  const setCheckpoint = db.prepare('INSERT OR REPLACE INTO checkpoints VALUES (?, ?, ?, ?, ?, ?)');

  const missingOf = (n: number, ids: readonly ObjectId[]): ObjectId[] =>
    ids.filter((id) => isHeld.get(n, idBlob(id)) === undefined);

  function insertRow(n: number, row: EntryRow): void {
    const { entry } = row;
    insertEntry.run(
      n,
      row.seq,
      row.hash,
      entry.header,
      entry.signature,
      sealedBytes(entry),
      entry.ciphertext,
      joinIds(entry.retained),
      joinIds(entry.released),
    );
    setDeviceSeq.run(n, idBlob(row.device), row.deviceSeq);
    if (row.grants === null) return;
    insertGrants.run(n, row.epoch, row.grants);
    setEpoch.run(row.epoch, row.accountPosition, n);
  }

  return {
    create: (change, vault, row, now) =>
      write(() => {
        if (byId.get(idBlob(vault)) !== undefined) return 'exists';
        if (appendChain(change) === 'moved') return 'moved';
        insertVault.run(idBlob(vault), idBlob(change.account), now);
        const { n, head_hash } = must(byId.get(idBlob(vault)));
        moveHead.run(row.seq, row.hash, row.accountPosition, n, 0, head_hash);
        insertRow(n, row);
        return 'done';
      }),
    ...createForsaken(db, write),
    state: async (vault) => {
      const row = byId.get(idBlob(vault));
      return row === undefined ? null : stateOf(row);
    },
    ofAccount: async (account) => ofAccount.all(idBlob(account)).map(stateOf),
    deviceSeq: async (vault, device) => deviceSeq.get(idBlob(vault), idBlob(device))?.seq ?? 0,
    entryHash: async (vault, seq) => {
      const row = entryHash.get(idBlob(vault), seq);
      return row === undefined ? null : plain(row.hash);
    },
    entries: async (vault, after, { maxBytes, maxCount }, withLists) => {
      const n = byId.get(idBlob(vault))?.n;
      if (n === undefined) return [];
      // Sizes first, from the index alone: no entry is read that the page does not hold.
      let last = after;
      let bytes = 0;
      for (const size of (withLists ? listSizes : sizes).iterate(n, after, maxCount)) {
        bytes += size.bytes;
        if (last > after && bytes > maxBytes) break;
        last = size.seq;
      }
      return (withLists ? entriesWithLists : entries).all(n, after, last).map(entryOf);
    },
    append: ({ vault, expected, row, objects, quota, unreferencedUntil, releasedUntil }) =>
      write(() => {
        const { status } = record(vault, objects, quota, unreferencedUntil);
        if (status !== 'done') return { status };
        const { n, head_seq } = must(byId.get(idBlob(vault)));
        if (head_seq !== expected.seq) return { status: 'moved' };
        const missing = missingOf(n, row.entry.retained);
        if (missing.length > 0) return { status: 'objects-missing', missing };
        const { changes } = moveHead.run(row.seq, row.hash, row.accountPosition, n, expected.seq, expected.hash);
        if (changes === 0) return { status: 'moved' };
        insertRow(n, row);
        for (const id of row.entry.retained) retain.run(n, idBlob(id));
        for (const id of row.entry.released) release.run(releasedUntil, n, idBlob(id));
        return { status: 'done' };
      }),
    grants: async (vault, epoch) => {
      const row = grants.get(idBlob(vault), epoch);
      return row === undefined ? null : plain(row.grants);
    },
    checkpoint: async (vault) => {
      const row = checkpoint.get(idBlob(vault));
      if (row === undefined) return null;
      const { body, signature, box, pages } = row;
      return { body: plain(body), signature: plain(signature), box: plain(box), pages: splitIds(pages) };
    },
    putCheckpoint: (vault, seq, { body, signature, box, pages }, releasedUntil) =>
      write(() => {
        const state = live.get(idBlob(vault));
        if (state === undefined) return { status: 'missing' };
        const { n, checkpoint_seq } = state;
        if (checkpoint_seq !== null && checkpoint_seq >= seq) return { status: 'old' };
        const missing = missingOf(n, pages);
        if (missing.length > 0) return { status: 'objects-missing', missing };
        const former = checkpoint.get(idBlob(vault));
        for (const id of former === undefined ? [] : splitIds(former.pages)) unlist.run(releasedUntil, n, idBlob(id));
        for (const id of pages) list.run(n, idBlob(id));
        setCheckpoint.run(n, seq, body, signature, box, joinIds(pages));
        return { status: 'done' };
      }),
  };
}
