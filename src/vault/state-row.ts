import { idBytes } from '../common/ids.ts';
import type { Cbor } from '../crypto/cbor.ts';
import { notAuthentic } from '../crypto/failure.ts';
import { arrayOf, booleanOf, countOf, idOf, integerOf, textOf } from '../crypto/fields.ts';
import { manifestFields, usableManifest } from './manifest-codec.ts';
import type { KeptRevision, VaultNode } from './vault-tree.ts';

/**
 * One row of a checkpoint's state. Order: by node id bytewise; of one node, the node first, then its revisions by seq,
 * then by revision id.
 */
export type StateRow =
  | { readonly type: 'node'; readonly node: VaultNode }
  | { readonly type: 'revision'; readonly revision: KeptRevision };

/** FORMAT.md 12. */
export function rowFields(row: StateRow): Cbor {
  if (row.type === 'node') {
    const { id, kind, parent, name, isDeleted, seq, timeUs, deviceId, revision } = row.node;
    return [
      0,
      idBytes(id),
      kind === 'folder' ? 0 : 1,
      idBytes(parent),
      name,
      isDeleted,
      seq,
      timeUs,
      idBytes(deviceId),
      revision === null ? null : idBytes(revision),
    ];
  }
  const { node, revision, seq, timeUs, deviceId, manifest } = row.revision;
  return [1, idBytes(node), idBytes(revision), seq, timeUs, idBytes(deviceId), manifestFields(manifest)];
}

/** Throws E_AUTH or E_DOWNGRADE. */
export function parseRow(value: Cbor): StateRow {
  const fields = arrayOf(value);
  if (fields[0] === 0) {
    const [, id, kind, parent, name, isDeleted, seq, timeUs, deviceId, revision] = arrayOf(value, 10);
    if (kind !== 0 && kind !== 1) throw notAuthentic();
    return {
      type: 'node',
      node: {
        id: idOf(id),
        kind: kind === 0 ? 'folder' : 'file',
        parent: idOf(parent),
        name: textOf(name),
        isDeleted: booleanOf(isDeleted),
        seq: countOf(seq, 1),
        timeUs: integerOf(timeUs),
        deviceId: idOf(deviceId),
        revision: revision === null ? null : idOf(revision),
      },
    };
  }
  if (fields[0] !== 1) throw notAuthentic();
  const [, node, revision, seq, timeUs, deviceId, manifest] = arrayOf(value, 7);
  return {
    type: 'revision',
    revision: {
      node: idOf(node),
      revision: idOf(revision),
      seq: countOf(seq, 1),
      timeUs: integerOf(timeUs),
      deviceId: idOf(deviceId),
      manifest: usableManifest(manifest),
    },
  };
}

/** Whether `b` may follow `a`: strictly ascending, which also rules out a second row of one kind. */
export function isInOrder(a: StateRow, b: StateRow): boolean {
  const first = nodeOf(a);
  const second = nodeOf(b);
  if (first !== second) return first < second;
  if (b.type === 'node') return false;
  if (a.type === 'node') return true;
  const { seq, revision } = a.revision;
  return seq < b.revision.seq || (seq === b.revision.seq && revision < b.revision.revision);
}

const nodeOf = (row: StateRow): string => (row.type === 'node' ? row.node.id : row.revision.node);
