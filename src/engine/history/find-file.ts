import { HoldfastError } from '../../common/errors.ts';
import type { NodeId, RevisionId } from '../../common/ids.ts';
import type { IndexReader, RevisionRow, VaultRow } from '../../db/index-port.ts';
import type { RemoteNode } from '../../model/node.ts';
import { findNode } from './find-node.ts';

/** The file that is, or was, at a path, chosen as `findNode` says. Throws `missing`, and what `folder` makes if it is one. */
export function findFile(
  read: IndexReader,
  path: string,
  chosen: NodeId | null,
  folder: () => HoldfastError,
): RemoteNode | VaultRow {
  const node = findNode(read, path, chosen, ({ kind }) => kind === 'file');
  if (node === null) throw new HoldfastError('missing', `There is and was no file ${path} in the vault.`);
  if (node === 'root' || node.kind === 'folder') throw folder();
  return node;
}

/** A revision of `node` that is still kept. Throws `missing`. */
export function keptRevision(read: IndexReader, node: NodeId, revision: RevisionId | null): RevisionRow {
  const kept = revision === null ? null : read.revision(revision);
  if (kept?.node !== node) {
    throw new HoldfastError('missing', 'This version is not kept any more.', { reason: 'version' });
  }
  return kept;
}
