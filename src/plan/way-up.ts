import { type NodeId, rootNode } from '../common/ids.ts';

/** `from` and what is above it, without the root. Rows that are no tree may lead in a circle: it ends there. */
export function* wayUp(from: NodeId | null, parentOf: (node: NodeId) => NodeId | null): Generator<NodeId> {
  const way = new Set<NodeId>();
  for (let at = from; at !== null && at !== rootNode && !way.has(at); at = parentOf(at)) {
    yield at;
    way.add(at);
  }
}
