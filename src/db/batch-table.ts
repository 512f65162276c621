import type { Connection, SqlRow } from './connection.ts';
import type { BatchRow, IndexReader, IndexWriter } from './index-port.ts';
import { bytesValue, idBlob, idText, idValue, numberValue, orNull, textValue } from './values.ts';

type BatchReader = Pick<IndexReader, 'batches' | 'batch'>;
type BatchWriter = Pick<IndexWriter, 'addBatch' | 'removeBatches'>;

const select = `SELECT position, id, seq, ${idText('device')}, time, ops FROM batch`;

const decode = (row: SqlRow): BatchRow => ({
  position: numberValue(row[0]),
  id: textValue(row[1]),
  seq: row[2] === null ? null : numberValue(row[2]),
  deviceId: idValue(row[3]),
  time: numberValue(row[4]),
  ops: bytesValue(row[5]),
});

export function createBatchReader({ prepare }: Connection): BatchReader {
  const page = prepare(`${select} WHERE position < ? ORDER BY position DESC LIMIT ?`);
  const byId = prepare(`${select} WHERE id = ?`);
  return {
    batches: ({ before = Number.MAX_SAFE_INTEGER, limit }) => page.all(before, limit).map(decode),
    batch: (id) => orNull(byId.get(id), decode),
  };
}

export function createBatchWriter({ prepare }: Connection): BatchWriter {
  const insert = prepare('INSERT INTO batch (id, seq, device, time, ops) VALUES (?, ?, ?, ?, ?)');
  const remove = prepare('DELETE FROM batch WHERE seq <= ? AND time <= ?');
  return {
    addBatch: ({ id, seq, deviceId, time, ops }) => void insert.run(id, seq, idBlob(deviceId), time, ops),
    removeBatches: (seq, time) => void remove.run(seq, time),
  };
}
