import { assert } from '../common/errors.ts';
import type { ObjectId, RevisionId } from '../common/ids.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { ChunkRow, IndexReader, IndexWriter } from './index-port.ts';
import { repeatable } from './paged.ts';
import { refBytes } from './revision-table.ts';
import type { RowIds } from './row-ids.ts';
import { bytesValue, flag, hashPrefix, idBlob, idPrefix, idText, idValue, numberValue, orNull } from './values.ts';

type ChunkReader = Pick<IndexReader, 'chunkByHash' | 'knownChunks' | 'chunkByObject' | 'chunksOfRevision'>;
type ChunkWriter = Pick<IndexWriter, 'putChunk' | 'addChunk' | 'setChunksReferenced' | 'forgetChunks'>;

const columns = `hash, ${idText('object')}, plain_length, weak, is_referenced, sealed_ref`;

const decode = (row: SqlRow): ChunkRow => ({
  hash: bytesValue(row[0]),
  objectId: idValue<ObjectId>(row[1]),
  plainLength: numberValue(row[2]),
  weak: numberValue(row[3]),
  isReferenced: row[4] === 1,
  sealedRef: bytesValue(row[5]),
});

export function createChunkReader({ prepare }: Connection, revisions: RowIds): ChunkReader {
  const byHash = prepare(`SELECT ${columns} FROM chunk WHERE hash48 = ? AND hash = ?`);
  const byPrefixes = prepare(`SELECT ${columns} FROM json_each(?) CROSS JOIN chunk ON hash48 = value`);
  const byObject = prepare(`SELECT ${columns} FROM chunk WHERE object48 = ? AND object = ?`);
  const byRef = prepare(`SELECT ${columns} FROM chunk WHERE ref = ?`);
  const content = revisions.query(({ ref }) => `SELECT chunks FROM content WHERE revision = ${ref}`);
  function* chunksOf(revision: RevisionId): Iterable<ChunkRow> {
    const row = content.get(revision);
    if (row === undefined) return;
    const refs = Buffer.from(bytesValue(row[0]));
    for (let at = 0; at < refs.length; at += refBytes) {
      const chunk = orNull(byRef.get(refs.readUIntBE(at, refBytes)), decode);
      if (chunk !== null) yield chunk;
    }
  }
  return {
    chunkByHash: (hash) => orNull(byHash.get(hashPrefix(hash), hash), decode),
    knownChunks: (hashes) => byPrefixes.all(`[${hashes.map(hashPrefix).join()}]`).map(decode),
    chunkByObject: (objectId) => orNull(byObject.get(idPrefix(objectId), idBlob(objectId)), decode),
    chunksOfRevision: (revision) => repeatable(() => chunksOf(revision)),
  };
}

export function createChunkWriter({ prepare }: Connection): ChunkWriter {
  const find = prepare('SELECT ref FROM chunk WHERE hash48 = ? AND hash = ?');
  const insert = prepare(`
    INSERT INTO chunk (hash48, object48, hash, object, plain_length, weak, is_referenced, sealed_ref)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`);
  const replace = prepare(`
    UPDATE chunk SET object48 = ?, object = ?, plain_length = ?, weak = ?, is_referenced = ?, sealed_ref = ?
    WHERE ref = ?`);
  const setReferenced = prepare('UPDATE chunk SET is_referenced = ? WHERE object48 = ? AND object = ?');
  const forget = prepare('DELETE FROM chunk WHERE object48 = ? AND object = ?');
  const addChunk = ({ hash, objectId, plainLength, weak, isReferenced, sealedRef }: ChunkRow): void => {
    assert(hash.length === 32, 'the hash of a chunk has 32 bytes');
    const [prefix, object] = [idPrefix(objectId), idBlob(objectId)];
    insert.run(hashPrefix(hash), prefix, hash, object, plainLength, weak, flag(isReferenced), sealedRef);
  };
  return {
    addChunk,
    putChunk: (row) => {
      const { hash, objectId, plainLength, weak, isReferenced, sealedRef } = row;
      const found = find.get(hashPrefix(hash), hash);
      if (found === undefined) return addChunk(row);
      const [prefix, object] = [idPrefix(objectId), idBlob(objectId)];
      replace.run(prefix, object, plainLength, weak, flag(isReferenced), sealedRef, numberValue(found[0]));
    },
    setChunksReferenced: (objectIds, isReferenced) => {
      for (const id of objectIds) setReferenced.run(flag(isReferenced), idPrefix(id), idBlob(id));
    },
    forgetChunks: (objectIds) => {
      for (const id of objectIds) forget.run(idPrefix(id), idBlob(id));
    },
  };
}
