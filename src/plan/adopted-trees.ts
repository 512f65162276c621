import type { NodeId } from '../common/ids.ts';
import type { LocalNode } from '../model/node.ts';
import type { Trees } from '../model/trees.ts';

/** The trees as they are once each local node in `adopted` has the vault's id that it maps to. */
export function adoptedTrees(trees: Trees, adopted: ReadonlyMap<NodeId, NodeId>): Trees {
  if (adopted.size === 0) return trees;
  const former = new Map([...adopted].map(([from, to]) => [to, from]));
  const renamed = (row: LocalNode | null): LocalNode | null => {
    if (row === null) return null;
    const id = adopted.get(row.id);
    const parent = adopted.get(row.parent);
    return id === undefined && parent === undefined ? row : { ...row, id: id ?? row.id, parent: parent ?? row.parent };
  };
  const before = (id: NodeId): NodeId => former.get(id) ?? id;
  return {
    local: (id) => (adopted.has(id) ? null : renamed(trees.local(before(id)))),
    remote: (id) => trees.remote(id),
    synced: (id) => trees.synced(id),
    isTombstone: (id) => trees.isTombstone(id),
    localChildren: (parent) => trees.localChildren(before(parent)).flatMap((row) => renamed(row) ?? []),
    remoteChildren: (parent) => trees.remoteChildren(parent),
    localByName: (parent, name) => renamed(trees.localByName(before(parent), name)),
    remoteByName: (parent, name) => trees.remoteByName(parent, name),
  };
}
