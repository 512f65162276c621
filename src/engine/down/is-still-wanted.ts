import { isId, type RevisionId } from '../../common/ids.ts';
import type { IndexReader } from '../../db/index-port.ts';
import type { Selection } from '../selection/selection.ts';

interface Wants {
  readonly local: { readonly index: { readonly read: IndexReader } };
  readonly selection: Pick<Selection, 'deselectedAbove'>;
}

/** Whether an unfinished download is of a revision that the vault has now and this device is to have; else it only takes room. */
export function isStillWanted({ local, selection }: Wants, key: string): boolean {
  if (!isId(key)) return false;
  const { read } = local.index;
  const revision = key as string as RevisionId;
  const node = read.knownRevisions([revision]).get(revision);
  if (node === undefined || read.remote(node)?.revision !== revision) return false;
  return selection.deselectedAbove(read, node) === null;
}
