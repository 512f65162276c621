import type { NodeId } from '../common/ids.ts';
import { nameKey } from '../common/name.ts';
import { isRestorable } from '../model/is-restorable.ts';
import type { SyncedNode } from '../model/node.ts';
import type { Connection, SqlRow, SqlValue } from './connection.ts';
import type { IndexReader, LocalRow, VaultRow } from './index-port.ts';
import { type ColumnGroup, groupSelect, parentSelect, remoteGroup, syncedGroup } from './node-columns.ts';
import { paged, pageSize, repeatable } from './paged.ts';
import type { RowIds, RowOfId } from './row-ids.ts';
import { idBlob, idPrefix, idText, idValue, numberValue, orNull } from './values.ts';

export type TreeReader = Pick<
  IndexReader,
  | 'local'
  | 'remote'
  | 'synced'
  | 'isTombstone'
  | 'localChildren'
  | 'remoteChildren'
  | 'localByName'
  | 'remoteByName'
  | 'localRow'
  | 'localRowsOf'
  | 'localRowsNamed'
  | 'localByIdentity'
  | 'knownInodes'
  | 'vaultRow'
  | 'knownVaultRows'
  | 'hasRemoteChildren'
  | 'deletedChildren'
  | 'syncedChildren'
  | 'locals'
  | 'vaultRows'
  | 'synceds'
  | 'deleted'
>;

/** All digits of a whole number. */
const exactText = (number: number): string => BigInt(number).toString();

export function createTreeReader(
  connection: Connection,
  ids: RowIds,
  localGroup: ColumnGroup<LocalRow>,
  localKey: (name: string) => string,
): TreeReader {
  const local = groupQueries(connection, ids, localGroup);
  const vault = groupQueries(connection, ids, remoteGroup);
  const synced = groupQueries(connection, ids, syncedGroup);

  const localById = local.one(({ isThis }) => isThis);
  const localOf = local.children(({ ref }) => `n.local_parent = ${ref} ORDER BY n.local_key`);
  const localNamed = local.one(({ ref }) => `n.local_parent = ${ref} AND n.local_key = ? LIMIT 1`);
  const localAllNamed = local.children(({ ref }) => `n.local_parent = ${ref} AND n.local_key = ? ORDER BY n.ref`);
  const localAt = local.many('n.local_ino = ? AND n.local_dev = ?');
  const inodesAmong = connection.prepare(`
    SELECT value FROM json_each(?) WHERE EXISTS (SELECT 1 FROM node n WHERE n.local_ino = value AND n.local_parent IS NOT NULL)`);
  const vaultById = vault.one(({ isThis }) => isThis);
  const knownVaultRows = vault.among();
  const remoteOf = vault.children(
    ({ ref }) => `n.remote_parent = ${ref} AND n.remote_deleted = 0 ORDER BY n.remote_key`,
  );
  const remoteNamed = vault.one(
    ({ ref }) => `n.remote_parent = ${ref} AND n.remote_key = ? AND n.remote_deleted = 0 LIMIT 1`,
  );
  const anyRemoteOf = ids.query(
    ({ ref }) => `SELECT 1 FROM node n WHERE n.remote_parent = ${ref} AND n.remote_deleted = 0 LIMIT 1`,
  );
  const deletedOf = vault.children(({ ref }) => `n.remote_parent = ${ref} AND n.remote_deleted = 1 ORDER BY n.ref`);
  const syncedById = synced.one(({ isThis }) => isThis);
  const syncedOf = synced.children(({ ref }) => `n.synced_parent = ${ref} ORDER BY n.ref`);

  const localPage = local.page('n.ref > ? ORDER BY n.ref');
  const syncedPage = synced.page('n.ref > ? ORDER BY n.ref');
  const vaultPage = vault.page('(n.id48, n.id) > (?, ?) ORDER BY n.id48, n.id');
  const deletedPage = vault.page(
    'n.remote_deleted = 1 AND (n.remote_seq, n.ref) < (?, ?) ORDER BY n.remote_seq DESC, n.ref DESC',
  );
  const seqAt = 3 + remoteGroup.columns.indexOf('remote_seq');

  const localRow = (id: NodeId) => localById(id);
  const vaultRow = (id: NodeId) => vaultById(id);

  return {
    local: localRow,
    localRow,
    localChildren: localOf,
    localRowsOf: localOf,
    localRowsNamed: (parent, name) => localAllNamed(parent, localKey(name)),
    localByName: (parent, name) => localNamed(parent, localKey(name)),
    localByIdentity: (dev, ino) => localAt(ino, dev),
    knownInodes: (inos) =>
      new Set(inodesAmong.all(`[${inos.map(exactText).join()}]`).map((row) => numberValue(row[0]))),
    remote: (id) => {
      const row = vaultRow(id);
      return row === null || row.isDeleted ? null : row;
    },
    isTombstone: (id) => {
      const row = vaultRow(id);
      return row !== null && isRestorable(row);
    },
    vaultRow,
    knownVaultRows,
    hasRemoteChildren: (parent) => anyRemoteOf.get(parent) !== undefined,
    remoteChildren: remoteOf,
    remoteByName: (parent, name) => remoteNamed(parent, nameKey(name)),
    deletedChildren: deletedOf,
    synced: (id) => syncedById(id),
    syncedChildren: syncedOf,
    locals: () => local.pages((last) => localPage(refIn(last))),
    synceds: () => synced.pages((last) => syncedPage(refIn(last))),
    vaultRows: () =>
      vault.pages((last) => {
        const id = last === null ? null : idValue<NodeId>(last[0]);
        return id === null ? vaultPage(-1, Buffer.alloc(0)) : vaultPage(idPrefix(id), idBlob(id));
      }),
    deleted: () =>
      vault.pages((last) =>
        deletedPage(numberValue(last?.[seqAt] ?? Number.MAX_SAFE_INTEGER), refIn(last) === -1 ? 0 : refIn(last)),
      ),
  };
}

const refIn = (last: SqlRow | null): number => (last === null ? -1 : numberValue(last[2]));

/** Queries for one group of columns. A result row is: id, parent's id, ref, then the group. */
function groupQueries<T extends LocalRow | VaultRow | SyncedNode>(
  connection: Connection,
  ids: RowIds,
  group: ColumnGroup<T>,
) {
  const columns = (parent: string): string => `SELECT ${idText('n.id')}, ${parent}, n.ref, ${groupSelect(group)}`;
  const select = `${columns(parentSelect(group))} FROM node n`;
  const isThere = `n.${group.columns[0]} IS NOT NULL`;
  const decode = (row: SqlRow): T => group.decode(idValue<NodeId>(row[0]), idValue<NodeId>(row[1]), row, 3);
  return {
    one: (where: (row: RowOfId) => string) => {
      const query = ids.query((row) => `${select} WHERE ${isThere} AND ${where(row)}`);
      return (id: NodeId, ...values: SqlValue[]): T | null => orNull(query.get(id, ...values), decode);
    },
    many: (where: string) => {
      const statement = connection.prepare(`${select} WHERE ${isThere} AND ${where}`);
      return (...values: SqlValue[]): readonly T[] => statement.all(...values).map(decode);
    },
    /** `where` names the parent, which is known then: to look it up for each row takes a fifth of the time. */
    children: (where: (row: RowOfId) => string) => {
      const query = ids.query((row) => `${columns('NULL')} FROM node n WHERE ${isThere} AND ${where(row)}`);
      return (parent: NodeId, ...values: SqlValue[]): readonly T[] =>
        query.all(parent, ...values).map((row) => group.decode(idValue<NodeId>(row[0]), parent, row, 3));
    },
    among: () => {
      const query = ids.queryMany(columns(parentSelect(group)), isThere);
      return (some: readonly NodeId[]): readonly T[] => query(some).map(decode);
    },
    page: (where: string) => {
      const statement = connection.prepare(`${select} WHERE ${isThere} AND ${where} LIMIT ${pageSize}`);
      return (...values: SqlValue[]): readonly SqlRow[] => statement.all(...values);
    },
    pages: (fetch: (last: SqlRow | null) => readonly SqlRow[]): Iterable<T> => repeatable(() => paged(fetch, decode)),
  };
}
