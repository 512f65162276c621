import type { ObjectId } from '../../common/ids.ts';
import type { ChunkRow, Index, IndexWriter } from '../../db/index-port.ts';

/**
 * Chunks that the server has acknowledged and the index does not know yet: small ones get there with the entry that names
 * them, in one write. What is lost with the process is sent once more, and the server collects what nobody names.
 */
export interface UnwrittenChunks {
  add(rows: readonly ChunkRow[]): void;
  byHash(hash: Uint8Array): ChunkRow | null;
  has(object: ObjectId): boolean;
  /** An entry names these objects; those that are not unwritten are in the index already. Within the transaction of the entry. */
  writeReferenced(write: IndexWriter, objects: ReadonlySet<ObjectId>): void;
  /** That transaction is done. */
  written(objects: Iterable<ObjectId>): void;
  /** No entry came to name them: they are there for another one. */
  writeRest(): void;
  /** The server lacks some of what it acknowledged. */
  forget(): void;
}

/** As a key. */
export const textOf = (hash: Uint8Array): string =>
  Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('latin1');

export function unwrittenChunks(index: Index): UnwrittenChunks {
  const byHash = new Map<string, ChunkRow>();
  const byObject = new Map<ObjectId, ChunkRow>();
  const forget = (): void => {
    byHash.clear();
    byObject.clear();
  };
  const put = (write: IndexWriter, rows: readonly ChunkRow[], isReferenced: boolean): void => {
    // The same content may have come from the vault meanwhile. There is one row for a hash, and that one will do.
    const known = new Set(index.read.knownChunks(rows.map(({ hash }) => hash)).map(({ hash }) => textOf(hash)));
    for (const row of rows) if (!known.has(textOf(row.hash))) write.addChunk({ ...row, isReferenced });
  };
  return {
    add: (rows) => {
      for (const row of rows) {
        byHash.set(textOf(row.hash), row);
        byObject.set(row.objectId, row);
      }
    },
    byHash: (hash) => (byHash.size === 0 ? null : (byHash.get(textOf(hash)) ?? null)),
    has: (object) => byObject.has(object),
    writeReferenced: (write, objects) => {
      const isWritten: ObjectId[] = [];
      const rows: ChunkRow[] = [];
      for (const object of objects) {
        const row = byObject.get(object);
        if (row === undefined) isWritten.push(object);
        else rows.push(row);
      }
      write.setChunksReferenced(isWritten, true);
      put(write, rows, true);
    },
    written: (objects) => {
      for (const object of objects) {
        const row = byObject.get(object);
        if (row !== undefined) byHash.delete(textOf(row.hash));
        byObject.delete(object);
      }
    },
    writeRest: () => {
      if (byObject.size === 0) return;
      index.transaction((write) => put(write, [...byObject.values()], false));
      forget();
    },
    forget,
  };
}
