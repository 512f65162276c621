import type { NodeId } from '../common/ids.ts';
import type { DeleteGuard } from './context.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/** Emptying a pair that held at least so many nodes is never done unasked, however few they are. */
const wholeFolder = 10;

/** `all`: how many there are, or were lately. */
const isTooMuch = (count: number, all: number, guard: DeleteGuard): boolean =>
  (count > guard.maxDeletes && count >= guard.maxShare * all) || (count >= wholeFolder && count >= all);

/**
 * Deletes that wait for the person: all unapproved ones of a direction that has too many; else those that wait already, for
 * a question that was asked is not answered by what is added to the rest. `later`: what the rows of nodes that this plan
 * leaves alone ask for; much that goes is much, also where it goes bit by bit.
 */
export function heldDeletes(
  verdicts: Verdicts,
  fate: 'delete-up' | 'delete-down',
  guard: DeleteGuard,
  later: Iterable<Verdict>,
): Set<NodeId> {
  const [isApproved, isHeld, recent] =
    fate === 'delete-up'
      ? [guard.approvedUp, guard.heldUp, guard.recentUp]
      : [guard.approvedDown, guard.heldDown, guard.recentDown];
  let waiting = 0;
  for (const verdict of later) if (verdict.fate === fate && !isApproved(verdict.node)) waiting++;
  const unapproved = new Set<NodeId>();
  for (const verdict of verdicts.values()) {
    if (verdict.fate === fate && !isApproved(verdict.node)) unapproved.add(verdict.node);
  }
  const count = unapproved.size + waiting + recent;
  return isTooMuch(count, guard.syncedCount + recent, guard) ? unapproved : new Set([...unapproved].filter(isHeld));
}
