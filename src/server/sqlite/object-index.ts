import type Database from 'better-sqlite3';
import type { ObjectId, VaultId } from '../../common/ids.ts';
import { objectOverheadBytes } from '../../wire/limits.ts';
import type { NewObject, ObjectIndex, Place, PlacedObject } from '../metadata-store.ts';
import type { GroupCommit } from './group-commit.ts';
import { idBlob, idOfBlob } from './rows.ts';
import { isRemoved } from './schema.ts';

interface PlaceColumns {
  readonly file: number;
  readonly offset: number;
  readonly length: number;
  readonly crc: number;
}

const placeOf = ({ file, offset, length, crc }: PlaceColumns): Place => ({ file, offset, length, crc });

/** Over all objects, with the server waiting: an index alone must answer it. */
export const bytesInPacks = 'SELECT file, sum(length) AS bytes FROM objects WHERE offset > 0 GROUP BY file';

type RecordResult =
  | { readonly status: 'done'; readonly spare: readonly NewObject[] }
  | { readonly status: 'quota' | 'missing' };

/** Records objects of a vault. To be called in a transaction; changes nothing if the quota does not allow it, or the vault is gone. */
export type RecordObjects = (
  vault: VaultId,
  objects: readonly NewObject[],
  quota: number | null,
  expires: number,
) => RecordResult;

export function createObjectRecorder(db: Database.Database): RecordObjects {
  const owner = db.prepare<[Uint8Array], { n: number; account: Uint8Array; used: number }>(
    `SELECT n, account, used FROM vaults JOIN accounts ON accounts.id = vaults.account
     WHERE vaults.id = ? AND NOT ${isRemoved}`,
  );
  const insert = db.prepare('INSERT OR IGNORE INTO objects VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)');
  const takeOut = db.prepare('DELETE FROM objects WHERE vault = ? AND id = ?');
  const postpone = db.prepare(
    'UPDATE objects SET expires = max(expires, ?) WHERE vault = ? AND id = ? AND expires IS NOT NULL',
  );
  const count = db.prepare('UPDATE vaults SET objects = objects + ?, bytes = bytes + ? WHERE n = ?');
  const charge = db.prepare('UPDATE accounts SET used = used + ? WHERE id = ?');

  return (vault, objects, quota, expires) => {
    const row = owner.get(idBlob(vault));
    if (row === undefined) return { status: 'missing' };
    const fresh: NewObject[] = [];
    const spare: NewObject[] = [];
    let bytes = 0;
    for (const object of objects) {
      const { id, place } = object;
      const { changes } = insert.run(row.n, idBlob(id), place.file, place.offset, place.length, place.crc, expires);
      (changes > 0 ? fresh : spare).push(object);
      if (changes > 0) bytes += place.length;
    }
    const cost = bytes + fresh.length * objectOverheadBytes;
    if (quota !== null && cost > 0 && row.used + cost > quota) {
      for (const { id } of fresh) takeOut.run(row.n, idBlob(id));
      return { status: 'quota' };
    }
    // Somebody means to use them: they must not go just now.
    for (const { id } of spare) postpone.run(expires, row.n, idBlob(id));
    if (fresh.length > 0) {
      count.run(fresh.length, bytes, row.n);
      charge.run(cost, row.account);
    }
    return { status: 'done', spare };
  };
}

/** Large files are a record each few milliseconds: the server does not stand still for each, see {@link GroupCommit}. */
export function createObjectIndex(db: Database.Database, commits: GroupCommit, record: RecordObjects): ObjectIndex {
  const { write, writeEarly, synced } = commits;
  /** Recorded, and not known to be durable yet. */
  const early = new Set<string>();
  const keyOf = (vault: VaultId, id: ObjectId): string => `${vault}/${id}`;
  const numberOf = db.prepare<[Uint8Array], { n: number }>('SELECT n FROM vaults WHERE id = ?');
  const find = db.prepare<[number, Uint8Array], PlaceColumns>(
    'SELECT file, offset, length, crc FROM objects WHERE vault = ? AND id = ?',
  );
  const expired = db.prepare<[number, number], PlaceColumns & { n: number; vault: Uint8Array; id: Uint8Array }>(
    `SELECT vaults.n, vaults.id AS vault, objects.id, file, offset, length, crc
     FROM objects JOIN vaults ON vaults.n = objects.vault WHERE expires <= ? ORDER BY expires LIMIT ?`,
  );
  const remove = db.prepare('DELETE FROM objects WHERE vault = ? AND id = ?');
  const uncount = db.prepare('UPDATE vaults SET objects = objects - 1, bytes = bytes - ? WHERE n = ?');
  const uncharge = db.prepare(
    'UPDATE accounts SET used = used - ? WHERE id = (SELECT account FROM vaults WHERE n = ?)',
  );
  const packs = db.prepare<[], { file: number; bytes: number }>(bytesInPacks);
  const inFile = db.prepare<[number, number, number], PlaceColumns & { vault: Uint8Array; id: Uint8Array }>(
    `SELECT vaults.id AS vault, objects.id, file, offset, length, crc
     FROM objects JOIN vaults ON vaults.n = objects.vault
     WHERE file = ? AND offset > 0 AND offset > ? ORDER BY offset LIMIT ?`,
  );
  const move = db.prepare(
    `UPDATE objects SET file = ?, offset = ?, length = ?, crc = ?
     WHERE vault = (SELECT n FROM vaults WHERE id = ?) AND id = ? AND file = ? AND offset = ?`,
  );
  const placed = ({ vault, id, ...place }: PlaceColumns & { vault: Uint8Array; id: Uint8Array }): PlacedObject => ({
    vault: idOfBlob(vault),
    id: idOfBlob(id),
    place: placeOf(place),
  });

  return {
    find: async (vault, ids) => {
      const found = new Map<ObjectId, Place>();
      const row = numberOf.get(idBlob(vault));
      if (row === undefined) return found;
      for (const id of ids) {
        const place = find.get(row.n, idBlob(id));
        if (place !== undefined) found.set(id, placeOf(place));
      }
      if (early.size > 0 && [...found.keys()].some((id) => early.has(keyOf(vault, id)))) await synced();
      return found;
    },
    add: async (vault, objects, { quota, unreferencedUntil }) => {
      const added: string[] = [];
      try {
        return await writeEarly(() => {
          const result = record(vault, objects, quota, unreferencedUntil);
          if (result.status !== 'done') return result;
          const spare = new Set(result.spare);
          for (const object of objects) {
            if (spare.has(object)) continue;
            const key = keyOf(vault, object.id);
            added.push(key);
            early.add(key);
          }
          return result;
        });
      } finally {
        for (const key of added) early.delete(key);
      }
    },
    removeExpired: (now, limit) =>
      write(() => {
        const rows = expired.all(now, limit);
        for (const { n, id, length } of rows) {
          remove.run(n, id);
          uncount.run(length, n);
          uncharge.run(length + objectOverheadBytes, n);
        }
        return rows.map(placed);
      }),
    packs: async () => packs.all(),
    inFile: async (file, after, limit) => inFile.all(file, after, limit).map(placed),
    isPlaced: async (objects) =>
      objects.map(({ key, file }) => {
        const n = numberOf.get(idBlob(key.vault))?.n;
        return n !== undefined && find.get(n, idBlob(key.id))?.file === file;
      }),
    move: (moves) =>
      write(() => {
        for (const { key, from, to } of moves) {
          move.run(to.file, to.offset, to.length, to.crc, idBlob(key.vault), idBlob(key.id), from.file, from.offset);
        }
      }),
  };
}
