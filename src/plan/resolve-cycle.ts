import type { NodeId } from '../common/ids.ts';
import type { Trees } from '../model/trees.ts';
import { findCycle } from './find-cycle.ts';
import type { Verdict, Verdicts } from './verdict.ts';

const isMove = (verdict: Verdict): boolean =>
  verdict.kind === 'folder' && verdict.fate === 'live' && verdict.placeFrom !== 'both';

/** A move made here that the vault's place can replace. */
const isRevocable = (verdict: Verdict): boolean => verdict.placeFrom === 'local' && verdict.remote !== null;

/**
 * Moves on two sides that put folders into each other: the move of this device gives way to the vault's place, lowest id
 * first, until none is left. Each cycle has such a move, since each side alone is a tree; so this ends, at the latest with
 * the vault's own tree.
 */
export function resolveCycles(trees: Trees, verdicts: Verdicts): void {
  const moves = [...verdicts.values()].filter(isMove).map((verdict) => verdict.node);
  const parentOf = (node: NodeId): NodeId | null =>
    (verdicts.get(node) ?? trees.remote(node) ?? trees.local(node))?.parent ?? null;
  const cleared = new Set<NodeId>();
  for (let cycle = findCycle(moves, parentOf, cleared); cycle !== null; cycle = findCycle(moves, parentOf, cleared)) {
    const revocable = cycle.map((node) => verdicts.get(node)).filter((verdict) => verdict && isRevocable(verdict));
    const loser = revocable.reduce((a, b) => (a && b && b.node < a.node ? b : a), revocable[0]);
    if (!loser?.remote) {
      // Trees that are no trees: leave these nodes as they are.
      for (const node of cycle) cleared.add(node);
      continue;
    }
    loser.placeFrom = 'remote';
    loser.parent = loser.remote.parent;
    loser.name = loser.remote.name;
    loser.rule = 'cycle-first-wins';
  }
}
