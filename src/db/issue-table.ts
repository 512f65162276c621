import type { NodeId } from '../common/ids.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { IndexReader, IndexWriter, IssueRow } from './index-port.ts';
import { blobOrNull, idOrNull, idText, jsonValue, numberValue, textOrNull, textValue } from './values.ts';

export type IssueReader = Pick<IndexReader, 'issue' | 'issues'> & { issueCount(): number };
export type IssueWriter = Pick<IndexWriter, 'putIssue' | 'removeIssue'>;

const select = `SELECT id, kind, ${idText('node')}, path, message, actions, created_at, data FROM issue`;

const decode = (row: SqlRow): IssueRow => ({
  id: textValue(row[0]),
  kind: textValue(row[1]),
  node: idOrNull<NodeId>(row[2]),
  path: textOrNull(row[3]),
  message: textValue(row[4]),
  actions: jsonValue(row[5]) as readonly string[],
  createdAt: numberValue(row[6]),
  data: jsonValue(row[7]),
});

export function createIssueReader({ prepare }: Connection): IssueReader {
  const byId = prepare(`${select} WHERE id = ?`);
  const all = prepare(`${select} ORDER BY created_at, id`);
  const count = prepare('SELECT count(*) FROM issue');
  const issueCount = (): number => numberValue(count.get()?.[0]);
  return {
    issue: (id) => {
      const row = byId.get(id);
      return row === undefined ? null : decode(row);
    },
    // Mostly there are none, and to sort nothing takes SQLite far longer than to count it; a status asks often.
    issues: () => (issueCount() === 0 ? [] : all.all().map(decode)),
    issueCount,
  };
}

export function createIssueWriter({ prepare }: Connection): IssueWriter {
  const put = prepare(`
    INSERT INTO issue (id, kind, node, path, message, actions, created_at, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, node = excluded.node, path = excluded.path,
      message = excluded.message, actions = excluded.actions, data = excluded.data`);
  const remove = prepare('DELETE FROM issue WHERE id = ?');
  return {
    putIssue: ({ id, kind, node, path, message, actions, createdAt, data }) =>
      void put.run(
        id,
        kind,
        blobOrNull(node),
        path,
        message,
        JSON.stringify(actions),
        createdAt,
        JSON.stringify(data ?? null),
      ),
    removeIssue: (id) => void remove.run(id),
  };
}
