import { type NodeId, rootNode } from '../common/ids.ts';
import type { Trees } from '../model/trees.ts';

/**
 * `nodes`, and the folders above them that only one side has: what moves into a new folder may have to make room for that
 * very folder, and neither step is possible without the other. A plan for a part of the nodes has to name both.
 */
export function withNewFolders(trees: Trees, nodes: Iterable<NodeId>): ReadonlySet<NodeId> {
  const all = new Set(nodes);
  // Comes to those that are added on the way, too.
  for (const node of all) {
    const here = trees.local(node)?.parent ?? rootNode;
    if (here !== rootNode && trees.remote(here) === null) all.add(here);
    const there = trees.remote(node)?.parent ?? rootNode;
    if (there !== rootNode && trees.local(there) === null) all.add(there);
  }
  return all;
}
