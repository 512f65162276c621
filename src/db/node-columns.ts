import type { NodeId, RevisionId } from '../common/ids.ts';
import { nameKey } from '../common/name.ts';
import type { SyncedNode } from '../model/node.ts';
import type { SqlRow, SqlValue } from './connection.ts';
import type { LocalRow, VaultRow } from './index-port.ts';
import {
  blobOrNull,
  flag,
  idBlob,
  idOrNull,
  idText,
  idValue,
  kindNumber,
  kindValue,
  numberValue,
  textValue,
} from './values.ts';

/** One of the three groups of columns of `node`: `encode` gives the values of `columns`, `decode` reads them back. */
export interface ColumnGroup<T> {
  readonly columns: readonly string[];
  /** Which of them hold ids. */
  readonly ids: readonly string[];
  readonly encode: (row: T, parentRef: number) => SqlValue[];
  /** `at`: where the group's columns begin in `row`. */
  readonly decode: (id: NodeId, parent: NodeId, row: SqlRow, at: number) => T;
}

// The parent is first in each group: the group is present when it is.
export function localGroup(localKey: (name: string) => string): ColumnGroup<LocalRow> {
  return {
    columns: [
      'local_parent',
      'local_key',
      'local_name',
      'local_kind',
      'local_revision',
      'local_size',
      'local_mtime',
      'local_birth',
      'local_ctime',
      'local_exec',
      'local_differs_from',
      'local_dev',
      'local_ino',
    ],
    ids: ['local_revision', 'local_differs_from'],
    encode: (row, parentRef) => {
      const key = localKey(row.name);
      return [
        parentRef,
        key,
        row.name === key ? null : row.name,
        kindNumber(row.kind),
        blobOrNull(row.revision),
        row.size,
        row.mtimeUs,
        row.birthUs,
        row.ctimeUs,
        flag(row.exec),
        blobOrNull(row.differsFrom),
        row.dev,
        row.ino,
      ];
    },
    decode: (id, parent, row, at) => ({
      id,
      parent,
      name: textValue(row[at + 2] ?? row[at + 1]),
      kind: kindValue(row[at + 3]),
      revision: idOrNull<RevisionId>(row[at + 4]),
      size: numberValue(row[at + 5]),
      mtimeUs: numberValue(row[at + 6]),
      birthUs: numberValue(row[at + 7]),
      ctimeUs: numberValue(row[at + 8]),
      exec: row[at + 9] === 1,
      differsFrom: idOrNull<RevisionId>(row[at + 10]),
      dev: numberValue(row[at + 11]),
      ino: numberValue(row[at + 12]),
    }),
  };
}

export const remoteGroup: ColumnGroup<VaultRow> = {
  columns: [
    'remote_parent',
    'remote_key',
    'remote_name',
    'remote_kind',
    'remote_revision',
    'remote_size',
    'remote_mtime',
    'remote_exec',
    'remote_deleted',
    'remote_seq',
    'remote_time',
    'remote_device',
  ],
  ids: ['remote_revision', 'remote_device'],
  encode: (row, parentRef) => {
    const key = nameKey(row.name);
    return [
      parentRef,
      key,
      row.name === key ? null : row.name,
      kindNumber(row.kind),
      blobOrNull(row.revision),
      row.size,
      row.mtimeUs,
      flag(row.exec),
      flag(row.isDeleted),
      row.seq,
      row.timeUs,
      idBlob(row.deviceId),
    ];
  },
  decode: (id, parent, row, at) => ({
    id,
    parent,
    name: textValue(row[at + 2] ?? row[at + 1]),
    kind: kindValue(row[at + 3]),
    revision: idOrNull<RevisionId>(row[at + 4]),
    size: numberValue(row[at + 5]),
    mtimeUs: numberValue(row[at + 6]),
    exec: row[at + 7] === 1,
    isDeleted: row[at + 8] === 1,
    seq: numberValue(row[at + 9]),
    timeUs: numberValue(row[at + 10]),
    deviceId: idValue(row[at + 11]),
  }),
};

export const syncedGroup: ColumnGroup<SyncedNode> = {
  columns: ['synced_parent', 'synced_name', 'synced_local_name', 'synced_kind', 'synced_revision'],
  ids: ['synced_revision'],
  encode: (row, parentRef) => [
    parentRef,
    row.name,
    row.localName === row.name ? null : row.localName,
    kindNumber(row.kind),
    blobOrNull(row.revision),
  ],
  decode: (id, parent, row, at) => ({
    id,
    parent,
    name: textValue(row[at + 1]),
    localName: textValue(row[at + 2] ?? row[at + 1]),
    kind: kindValue(row[at + 3]),
    revision: idOrNull<RevisionId>(row[at + 4]),
  }),
};

type Columns = Pick<ColumnGroup<unknown>, 'columns' | 'ids'>;

/** What a SELECT over `node n` lists for the group. */
export const groupSelect = ({ columns, ids }: Columns): string =>
  columns.map((column) => (ids.includes(column) ? idText(`n.${column}`) : `n.${column}`)).join();

/** The id of the parent in that group. A join would do; it costs ten times as much. */
export const parentSelect = ({ columns }: Columns): string =>
  `(SELECT ${idText('p.id')} FROM node p WHERE p.ref = n.${columns[0]})`;
