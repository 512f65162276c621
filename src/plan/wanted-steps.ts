import type { NodeId } from '../common/ids.ts';
import type { Step, Steps } from './step.ts';
import type { Verdict, Verdicts } from './verdict.ts';

/** The steps that make one side what was decided, but for nodes that are held. */
export function wantedSteps(
  verdicts: Verdicts,
  held: ReadonlySet<NodeId>,
  stepOf: (verdict: Verdict) => Step | null,
): Steps {
  const wanted = new Map<NodeId, Step>();
  for (const verdict of verdicts.values()) {
    const step = held.has(verdict.node) ? null : stepOf(verdict);
    if (step !== null) wanted.set(step.node, step);
  }
  return wanted;
}
