import { HoldfastError } from '../../common/errors.ts';
import type { NodeId } from '../../common/ids.ts';
import type { RelativePath } from '../../common/relative-path.ts';
import type { Index, LocalRow } from '../../db/index-port.ts';
import type { RemoteNode, SyncedNode } from '../../model/node.ts';
import type { Stat } from '../../model/stat.ts';
import type { AgreedPlace, DownOperation } from '../../plan/plan.ts';
import { localPath } from '../local-path.ts';

/** The row of a node that stands on disk as the vault has it. */
export const localRow = (
  id: NodeId,
  parent: NodeId,
  name: string,
  stat: Stat,
  remote: RemoteNode,
  ctimeUs = stat.ctimeUs,
): LocalRow => ({
  id,
  parent,
  name,
  kind: remote.kind,
  revision: remote.revision,
  size: stat.size,
  mtimeUs: stat.mtimeUs,
  ctimeUs,
  birthUs: stat.birthUs,
  dev: stat.dev,
  ino: stat.ino,
  exec: remote.exec,
  differsFrom: null,
});

/**
 * The merge base of a node that stands on disk where the plan wanted it. Not where the vault has it now: entries of others
 * are taken in while a plan is carried out, and what they moved is still to be done here.
 */
export const agreed = (
  { parent, name, localName }: AgreedPlace,
  { id, kind, revision }: Pick<RemoteNode, 'id' | 'kind' | 'revision'>,
): SyncedNode => ({ id, parent, name, localName, kind, revision });

export const staleNow = (): HoldfastError => new HoldfastError('conflict', 'the file changed meanwhile');

/** The name on disk that an operation asks for, if it asks for one. */
export function placeOf(index: Index, op: DownOperation): { readonly parent: NodeId; readonly name: string } | null {
  if (!('localName' in op)) return null;
  const parent = 'parent' in op ? op.parent : index.read.localRow(op.node)?.parent;
  return parent === undefined ? null : { parent, name: op.localName };
}

export const folderPathOf = (index: Index, folder: NodeId): RelativePath => {
  const path = localPath(index.read, folder);
  if (path === null) throw staleNow();
  return path;
};
