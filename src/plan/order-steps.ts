import { type NodeId, rootNode } from '../common/ids.ts';
import { type MovesInside, movesInside } from './moves-inside.ts';
import type { Side } from './side.ts';
import type { Move, Step, Steps } from './step.ts';
import { wayUp } from './way-up.ts';

/** A step, or a node that goes out of everybody's way before its own move. */
export type Ordered = { readonly type: 'step'; readonly step: Step } | { readonly type: 'park'; readonly move: Move };

type Place = { readonly parent: NodeId; readonly slot: string } | 'parked' | 'gone';

/** The side's tree as it becomes, step by step. */
function makeSimulation(side: Side) {
  const places = new Map<NodeId, Place>();
  const slots = new Map<string, NodeId | null>();
  const slotOf = (parent: NodeId, name: string): string => `${parent}/${side.key(name)}`;

  const placeOf = (node: NodeId): Place => {
    const place = places.get(node);
    if (place !== undefined) return place;
    const row = side.row(node);
    return row === null ? 'gone' : { parent: row.parent, slot: slotOf(row.parent, row.name) };
  };
  const leave = (node: NodeId, place: 'parked' | 'gone'): void => {
    const former = placeOf(node);
    if (typeof former !== 'string') slots.set(former.slot, null);
    places.set(node, place);
  };
  return {
    isAway: (node: NodeId): boolean => node !== rootNode && typeof placeOf(node) === 'string',
    parentOf: (node: NodeId): NodeId | null => {
      const place = placeOf(node);
      return typeof place === 'string' ? null : place.parent;
    },
    occupant: (parent: NodeId, name: string): NodeId | null => {
      const known = slots.get(slotOf(parent, name));
      return known !== undefined ? known : (side.occupant(parent, name)?.id ?? null);
    },
    leave,
    enter: (node: NodeId, parent: NodeId, name: string): void => {
      // Leaves first: its own slot may be the new one, in another spelling.
      leave(node, 'gone');
      const slot = slotOf(parent, name);
      slots.set(slot, node);
      places.set(node, { parent, slot });
    },
  };
}

/**
 * Puts possible steps into an order in which each can be done: parents before children, whatever frees a name before
 * whoever takes it, moves out of a folder before that folder goes. What vanishes comes last unless its name is needed.
 * Where all this leaves a choice, the order of `steps` decides.
 *
 * Depth first: a step that is blocked calls up the one that blocks it. Where that leads back to a step already called
 * up, names or places are exchanged; then a move among them is parked: it left its name and folder, so only what shall
 * be put into it, or deleted in it, still waits for it. Nothing can be reached in a parked folder, so whatever moves out
 * of it goes first, or is parked as well. There always is one to park: waiting for a parent leads up the tree to be, deletes
 * wait down the tree that is, so neither closes a circle; and what else is waited for is a move not yet parked.
 */
export function orderSteps(side: Side, steps: Steps): readonly Ordered[] {
  const simulation = makeSimulation(side);
  const ordered: Ordered[] = [];
  const done = new Set<NodeId>();
  const parked = new Set<NodeId>();
  const remaining = new Map<NodeId, NodeId[]>();
  /** Made when the first circle is met: most plans have none. */
  let inside: MovesInside | null = null;

  /** The next one, from `from` upwards, that is parked or not there, so that nothing below it can be reached. */
  const awayAbove = (from: NodeId): NodeId | null => {
    if (simulation.isAway(from)) return from;
    if (parked.size === 0) return null;
    for (const at of wayUp(from, simulation.parentOf)) if (simulation.isAway(at)) return at;
    return null;
  };

  const pendingAbove = (move: Step, from: NodeId): NodeId | null => {
    let blocker: NodeId | null = null;
    for (const above of wayUp(from, simulation.parentOf)) {
      if (above === move.node) return blocker;
      if (blocker === null && steps.get(above)?.type === 'move' && !done.has(above)) blocker = above;
    }
    return null;
  };

  const childStillIn = (folder: NodeId): NodeId | null => {
    let children = remaining.get(folder);
    if (children === undefined) {
      children = side.children(folder).map((child) => child.id);
      remaining.set(folder, children);
    }
    for (let child = children.at(-1); child !== undefined; child = children.at(-1)) {
      if (simulation.parentOf(child) === folder) return child;
      children.pop();
    }
    return null;
  };

  const blockerOf = (step: Step): NodeId | null => {
    if (step.type === 'vanish') {
      return (step.kind === 'folder' ? childStillIn(step.node) : null) ?? awayAbove(step.node);
    }
    const away = awayAbove(step.parent);
    if (away !== null) return away;
    const occupant = simulation.occupant(step.parent, step.name);
    if (occupant !== null && occupant !== step.node) return occupant;
    return step.type === 'move' && step.kind === 'folder' ? pendingAbove(step, step.parent) : null;
  };

  const perform = (step: Step): void => {
    if (step.type === 'vanish') simulation.leave(step.node, 'gone');
    else simulation.enter(step.node, step.parent, step.name);
    if (step.type === 'move') inside?.moved(step.node);
    done.add(step.node);
    ordered.push({ type: 'step', step });
  };

  const park = (move: Move): void => {
    parked.add(move.node);
    simulation.leave(move.node, 'parked');
    inside?.moved(move.node);
    ordered.push({ type: 'park', move });
  };

  /** What is still to move out of a folder, the deeper ones first. */
  const pendingIn = ({ node, kind }: Move): readonly Move[] => {
    if (kind !== 'folder') return [];
    inside ??= movesInside(steps, simulation.parentOf);
    const moves: Move[] = [];
    for (const each of inside.of(node)) {
      const step = steps.get(each);
      if (step?.type === 'move' && !done.has(each)) moves.push(step);
    }
    return moves;
  };

  /** The move steps out of the circle that has the fewest others in it; among those, the one of lowest id. */
  const breakCircle = (circle: readonly Step[]): boolean => {
    let chosen: { readonly move: Move; readonly first: readonly Move[] } | null = null;
    for (const step of circle) {
      if (step.type !== 'move' || parked.has(step.node)) continue;
      const first = pendingIn(step);
      const more = chosen === null ? -1 : first.length - chosen.first.length;
      if (chosen === null || more < 0 || (more === 0 && step.node < chosen.move.node)) chosen = { move: step, first };
    }
    if (chosen === null) return false;
    for (const move of chosen.first) {
      if (blockerOf(move) === null) perform(move);
      else park(move);
    }
    park(chosen.move);
    return true;
  };

  const run = (first: Step): void => {
    const stack: Step[] = [first];
    const at = new Map<NodeId, number>([[first.node, 0]]);
    /** Where a circle last turned out to be none any more; a guard, reset by progress. */
    let failedAt = Number.POSITIVE_INFINITY;
    const cutTo = (length: number): void => {
      for (const step of stack.splice(length)) at.delete(step.node);
    };
    for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
      if (done.has(step.node)) {
        cutTo(stack.length - 1);
        continue;
      }
      const blocker = blockerOf(step);
      if (blocker === null) {
        perform(step);
        cutTo(stack.length - 1);
        failedAt = Number.POSITIVE_INFINITY;
        continue;
      }
      const next = steps.get(blocker);
      const index = at.get(blocker);
      if (next === undefined || done.has(blocker) || (index !== undefined && index >= failedAt)) {
        // Not possible after all: it is left to the next round.
        done.add(step.node);
        cutTo(stack.length - 1);
      } else if (index === undefined) {
        at.set(blocker, stack.length);
        stack.push(next);
      } else {
        // What waits for what has changed above this point: it is looked at again from there.
        failedAt = breakCircle(stack.slice(index)) ? Number.POSITIVE_INFINITY : index;
        cutTo(index + 1);
      }
    }
  };

  const start = (step: Step): void => {
    if (done.has(step.node)) return;
    if (blockerOf(step) === null) perform(step);
    else run(step);
  };
  for (const step of steps.values()) if (step.type !== 'vanish') start(step);
  for (const step of steps.values()) if (step.type === 'vanish') start(step);
  return ordered;
}
