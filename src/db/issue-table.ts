import type { NodeId } from '../common/ids.ts';
import type { Connection, SqlRow } from './connection.ts';
import type { IndexReader, IndexWriter, IssueRow } from './index-port.ts';
import {
  blobOrNull,
  idBlob,
  idOrNull,
  idText,
  jsonValue,
  numberValue,
  orNull,
  textOrNull,
  textValue,
} from './values.ts';

export interface IssueTable {
  readonly read: Pick<IndexReader, 'issue' | 'issues'>;
  readonly write: Pick<IndexWriter, 'putIssue' | 'removeIssue'>;
  count(): number;
  /** What is about `from` is now about `to`. */
  renameNode(from: NodeId, to: NodeId): void;
  /** Changes of them were taken back. */
  forget(): void;
}

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

export function createIssueTable({ prepare }: Connection): IssueTable {
  const byId = prepare(`${select} WHERE id = ?`);
  const all = prepare(`${select} ORDER BY created_at, id`);
  const countAll = prepare('SELECT count(*) FROM issue');
  const put = prepare(`
    INSERT INTO issue (id, kind, node, path, message, actions, created_at, data) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, node = excluded.node, path = excluded.path,
      message = excluded.message, actions = excluded.actions, data = excluded.data`);
  const remove = prepare('DELETE FROM issue WHERE id = ?');
  const rename = prepare('UPDATE issue SET node = ? WHERE node = ?');
  /** A status asks often, and a folder full of links has thousands. */
  let known: readonly IssueRow[] | null = null;
  let concerned: ReadonlySet<NodeId | null> | null = null;
  const count = (): number => known?.length ?? numberValue(countAll.get()?.[0]);
  const forget = (): void => {
    known = null;
    concerned = null;
  };
  const issues = (): readonly IssueRow[] => {
    // Mostly there are none, and to sort nothing takes SQLite far longer than to count it.
    known ??= count() === 0 ? [] : all.all().map(decode);
    return known;
  };
  return {
    read: {
      issue: (id) => orNull(byId.get(id), decode),
      issues,
    },
    write: {
      putIssue: ({ id, kind, node, path, message, actions, createdAt, data }) => {
        forget();
        put.run(
          id,
          kind,
          blobOrNull(node),
          path,
          message,
          JSON.stringify(actions),
          createdAt,
          JSON.stringify(data ?? null),
        );
      },
      removeIssue: (id) => {
        forget();
        remove.run(id);
      },
    },
    count,
    renameNode: (from, to) => {
      // A first sync renames nodes by the thousands, hardly any of which has an issue, and the table has no index on them.
      concerned ??= new Set(issues().map(({ node }) => node));
      if (!concerned.has(from)) return;
      forget();
      rename.run(idBlob(to), idBlob(from));
    },
    forget,
  };
}
