import type { NodeId } from '../common/ids.ts';
import type { Steps } from './step.ts';
import { wayUp } from './way-up.ts';

/** Which moves start or ended below which others, as a simulated tree has them now. */
export interface MovesInside {
  /** The moves below this one, the deeper ones first. */
  of(node: NodeId): readonly NodeId[];
  /** The node came to another place, or to none. */
  moved(node: NodeId): void;
}

/**
 * Each move is kept at the next one above it; what lies between two of them moves only with the upper one, so that it
 * costs one way up a move, and no look at what else is in a folder.
 */
export function movesInside(steps: Steps, parentOf: (node: NodeId) => NodeId | null): MovesInside {
  const below = new Map<NodeId, Set<NodeId>>();
  const above = new Map<NodeId, NodeId>();

  const nextMoveAbove = (node: NodeId): NodeId | null => {
    for (const at of wayUp(parentOf(node), parentOf)) if (steps.get(at)?.type === 'move') return at;
    return null;
  };

  const moved = (node: NodeId): void => {
    const former = above.get(node);
    if (former !== undefined) below.get(former)?.delete(node);
    above.delete(node);
    const now = nextMoveAbove(node);
    if (now === null) return;
    above.set(node, now);
    const siblings = below.get(now);
    if (siblings === undefined) below.set(now, new Set([node]));
    else siblings.add(node);
  };

  for (const step of steps.values()) if (step.type === 'move') moved(step.node);

  return {
    moved,
    of: (node) => {
      const found: NodeId[] = [];
      const seen = new Set([node]);
      const waiting = [node];
      for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
        for (const each of below.get(at) ?? []) {
          if (seen.has(each)) continue;
          seen.add(each);
          found.push(each);
          waiting.push(each);
        }
      }
      return found.reverse();
    },
  };
}
