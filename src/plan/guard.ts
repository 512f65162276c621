import type { NodeId } from '../common/ids.ts';
import type { DeleteGuard } from './context.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/** Emptying a pair that held at least so many nodes is never done unasked, however few they are. */
const wholeFolder = 10;

const isTooMuch = (count: number, guard: DeleteGuard): boolean =>
  (count > guard.maxDeletes && count >= guard.maxShare * guard.syncedCount) ||
  (count >= wholeFolder && count >= guard.syncedCount);

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
  const [isApproved, isHeld] =
    fate === 'delete-up' ? [guard.approvedUp, guard.heldUp] : [guard.approvedDown, guard.heldDown];
  let waiting = 0;
  for (const verdict of later) if (verdict.fate === fate && !isApproved(verdict.node)) waiting++;
  const unapproved = new Set<NodeId>();
  for (const verdict of verdicts.values()) {
    if (verdict.fate === fate && !isApproved(verdict.node)) unapproved.add(verdict.node);
  }
  return isTooMuch(unapproved.size + waiting, guard) ? unapproved : new Set([...unapproved].filter(isHeld));
}
