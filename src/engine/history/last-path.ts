import type { NodeId } from '../../common/ids.ts';
import type { IndexReader } from '../../db/index-port.ts';
import { climb } from '../local-path.ts';

/** Where a node of the vault is or, deleted, was last, as far as its folders are known today; null for an unknown id. */
export const lastPath = (read: Pick<IndexReader, 'vaultRow'>, id: NodeId): string | null =>
  climb(id, (node) => read.vaultRow(node))?.join('/') ?? null;

/** As `lastPath`, for a place that nothing may be at. */
export function placePath(read: Pick<IndexReader, 'vaultRow'>, parent: NodeId, name: string): string {
  const folder = lastPath(read, parent) ?? '…';
  return folder === '' ? name : `${folder}/${name}`;
}
