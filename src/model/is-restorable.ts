import type { RevisionId } from '../common/ids.ts';
import type { NodeKind } from './node.ts';

/** Deleted, and can come back: folders come back empty; of a file something has to be kept. */
export const isRestorable = (row: {
  readonly isDeleted: boolean;
  readonly kind: NodeKind;
  readonly revision: RevisionId | null;
}): boolean => row.isDeleted && (row.kind === 'folder' || row.revision !== null);
