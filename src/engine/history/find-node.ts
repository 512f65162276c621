import type { NodeId } from '../../common/ids.ts';
import type { IndexReader, VaultRow } from '../../db/index-port.ts';
import type { RemoteNode } from '../../model/node.ts';
import { remoteNodeAt } from '../local-path.ts';
import { findDeleted } from './find-deleted.ts';

/**
 * Which of those that are, or were, at a path of the vault: `node` if it is told, since several may have had one name after
 * each other; else the live one; else, of those deleted there, the last one that will do. Null: there is none.
 */
export function findNode(
  read: IndexReader,
  path: string,
  node: NodeId | null,
  willDo: (gone: VaultRow) => boolean,
): RemoteNode | VaultRow | 'root' | null {
  if (node !== null) return read.vaultRow(node);
  return remoteNodeAt(read, path) ?? findDeleted(read, path).find(willDo) ?? null;
}

export const isDeleted = (node: RemoteNode | VaultRow): boolean => 'isDeleted' in node && node.isDeleted;
