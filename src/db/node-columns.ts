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
  idValue,
  kindNumber,
  kindValue,
  numberValue,
  textValue,
} from './values.ts';

/** One of the three groups of columns of `node`: `encode` gives the values of `columns`, `decode` reads them back. */
export interface ColumnGroup<T> {
  readonly columns: readonly string[];
  encode(row: T, parentRef: number): SqlValue[];
  /** `at`: where the group's columns begin in `row`. */
  decode(id: NodeId, parent: NodeId, row: SqlRow, at: number): T;
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
