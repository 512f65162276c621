import type { NodeId } from '../common/ids.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { BlockedRow, IndexReader, IndexWriter } from './index-port.ts';
import { paged, pageSize, repeatable } from './paged.ts';
import { corruptIndex } from './sql-error.ts';
import { idBlob, idText, idValue, numberValue, orNull, textValue } from './values.ts';

type BlockedReader = Pick<IndexReader, 'blocked' | 'blockedNodes'> & { blockedCount(): number };
type BlockedWriter = Pick<IndexWriter, 'putBlocked' | 'removeBlocked'>;

const select = `SELECT retry_at, ${idText('node')}, side, reason, message, attempts FROM blocked`;

const decode = (row: SqlRow): BlockedRow => {
  const side = row[2];
  if (side !== 'local' && side !== 'remote') throw corruptIndex();
  return {
    retryAt: numberValue(row[0]),
    node: idValue<NodeId>(row[1]),
    side,
    reason: textValue(row[3]),
    message: textValue(row[4]),
    attempts: numberValue(row[5]),
  };
};

export function createBlockedReader({ prepare }: Connection): BlockedReader {
  const byNode = prepare(`${select} WHERE node = ?`);
  const page = prepare(`${select} WHERE (retry_at, node) > (?, ?) ORDER BY retry_at, node LIMIT ${pageSize}`);
  const count = prepare('SELECT count(*) FROM blocked');
  return {
    blocked: (node) => orNull(byNode.get(idBlob(node)), decode),
    blockedNodes: () =>
      repeatable(() =>
        paged(
          (last) =>
            last === null
              ? page.all(Number.MIN_SAFE_INTEGER, Buffer.alloc(0))
              : page.all(numberValue(last[0]), idBlob(idValue<NodeId>(last[1]))),
          decode,
        ),
      ),
    blockedCount: () => numberValue(count.get()?.[0]),
  };
}

export function createBlockedWriter({ prepare }: Connection): BlockedWriter {
  const put = prepare(`
    INSERT OR REPLACE INTO blocked (node, side, reason, message, attempts, retry_at) VALUES (?, ?, ?, ?, ?, ?)`);
  const remove = prepare('DELETE FROM blocked WHERE node = ?');
  return {
    putBlocked: ({ node, side, reason, message, attempts, retryAt }) =>
      void put.run(idBlob(node), side, reason, message, attempts, retryAt),
    removeBlocked: (node) => void remove.run(idBlob(node)),
  };
}
