import { type NodeId, rootNode } from '../../common/ids.ts';
import { rememberedNames } from '../../common/remembered.ts';
import type { IndexReader, KnownNode, LocalRow } from '../../db/index-port.ts';
import { isRestorable } from '../../model/is-restorable.ts';
import type { Trees } from '../../model/trees.ts';

export interface RememberedTrees extends Trees {
  localRow(id: NodeId): LocalRow | null;
  /** Live or deleted: the vault knows the id. */
  isInVault(id: NodeId): boolean;
}

/**
 * Trees that read each row once, and none of the nodes that are `known` already. A plan asks for the same rows again and
 * again, from a dozen rules; it is made in one turn, in which none of them can change. To be made anew for each plan.
 */
export function rememberedTrees(read: IndexReader, known: readonly KnownNode[] = []): RememberedTrees {
  const rows = new Map<NodeId, KnownNode>();
  for (const each of known) rows.set(each.id, each);
  const rowsOf = (id: NodeId): KnownNode => {
    const there = rows.get(id);
    if (there !== undefined) return there;
    const found = read.rowsOf(id);
    rows.set(id, found);
    return found;
  };
  const localRow = (id: NodeId): LocalRow | null => rowsOf(id).local;
  const remote: Trees['remote'] = (id) => {
    const { vault } = rowsOf(id);
    return vault === null || vault.isDeleted ? null : vault;
  };
  return {
    local: localRow,
    localRow,
    remote,
    synced: (id) => rowsOf(id).synced,
    isInVault: (id) => rowsOf(id).vault !== null,
    isTombstone: (id) => {
      const { vault } = rowsOf(id);
      return vault !== null && isRestorable(vault);
    },
    localChildren: (parent) => read.localChildren(parent),
    remoteChildren: (parent) => read.remoteChildren(parent),
    localByName: rememberedNames((parent, name) => read.localByName(parent, name)),
    // Nothing that lives is in a folder that does not: of a new one there is nothing to ask.
    remoteByName: rememberedNames((parent, name) =>
      parent === rootNode || remote(parent) !== null ? read.remoteByName(parent, name) : null,
    ),
  };
}
