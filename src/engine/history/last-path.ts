import { type NodeId, rootNode } from '../../common/ids.ts';
import type { IndexReader } from '../../db/index-port.ts';

/** Deeper than any file system gets; where damage would make a circle, it ends. */
const maxDepth = 100_000;

/** Where a node of the vault is or, deleted, was last, as far as its folders are known today; null for an unknown id. */
export function lastPath(read: Pick<IndexReader, 'vaultRow'>, id: NodeId): string | null {
  const names: string[] = [];
  for (let at = id; at !== rootNode; ) {
    const row = read.vaultRow(at);
    if (row === null || names.length > maxDepth) return null;
    names.push(row.name);
    at = row.parent;
  }
  return names.reverse().join('/');
}

/** As `lastPath`, for a place that nothing may be at. */
export function placePath(read: Pick<IndexReader, 'vaultRow'>, parent: NodeId, name: string): string {
  const folder = lastPath(read, parent) ?? '…';
  return folder === '' ? name : `${folder}/${name}`;
}
