import { type NodeId, rootNode } from '../common/ids.ts';

/**
 * The first cycle met on the ways up from `starts`, else null. `cleared` remembers what leads to the root, so that
 * repeated searches walk each node once.
 */
export function findCycle(
  starts: Iterable<NodeId>,
  parentOf: (node: NodeId) => NodeId | null,
  cleared: Set<NodeId>,
): readonly NodeId[] | null {
  for (const start of starts) {
    const way: NodeId[] = [];
    const onWay = new Set<NodeId>();
    let node: NodeId | null = start;
    while (node !== null && node !== rootNode && !cleared.has(node)) {
      if (onWay.has(node)) return way.slice(way.indexOf(node));
      onWay.add(node);
      way.push(node);
      node = parentOf(node);
    }
    for (const passed of way) cleared.add(passed);
  }
  return null;
}
