import type { PlannedOperation } from '../plan/plan.ts';

const names = ['movesUp', 'movesDown', 'deletesUp', 'deletesDown'] as const;

/** Moves and deletes that were carried out; `Up`: in the vault, `Down`: in the folder here. */
export type WorkDone = Record<(typeof names)[number], number>;

export const noWork = (): WorkDone => ({ movesUp: 0, movesDown: 0, deletesUp: 0, deletesDown: 0 });

export function addWork(to: WorkDone, more: WorkDone): void {
  for (const name of names) to[name] += more[name];
}

/** Counts an operation that was carried out, if it is of those. */
export function noteWork(work: WorkDone, op: PlannedOperation): void {
  // A step in between is no move that a person knows of.
  if (op.type === 'up-place' && op.rule !== 'swap-by-way-of-a-temporary-name') work.movesUp++;
  else if (op.type === 'down-place') work.movesDown++;
  else if (op.type === 'up-delete') work.deletesUp += op.nodes;
  else if (op.type === 'down-delete') work.deletesDown++;
}
