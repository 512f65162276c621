import type { Plan } from './plan.ts';

/** A dry run in numbers of nodes. */
export interface PlanCounts {
  /** Changes to the vault other than deletes. */
  readonly up: number;
  /** Changes on this device other than deletes and conflicts. */
  readonly down: number;
  readonly deletesUp: number;
  readonly deletesDown: number;
  /** Conflict copies and nodes that step aside. */
  readonly conflicts: number;
  /** Files on both sides whose contents must be compared first; each then agrees or becomes a conflict. */
  readonly compares: number;
  /** Deletes that wait for the person. */
  readonly held: number;
}

export function countPlan(plan: Plan): PlanCounts {
  const up = new Set<string>();
  const down = new Set<string>();
  let deletesUp = 0;
  let deletesDown = 0;
  let conflicts = 0;
  for (const operation of plan.up) {
    if (operation.type === 'up-delete') deletesUp += operation.nodes;
    else up.add(operation.node);
  }
  for (const operation of plan.down) {
    if (operation.type === 'down-delete') deletesDown++;
    else if (operation.type === 'down-conflict' || operation.type === 'down-set-aside') conflicts++;
    else down.add(operation.node);
  }
  return {
    up: up.size,
    down: down.size,
    deletesUp,
    deletesDown,
    conflicts,
    compares: plan.settle.filter((operation) => operation.type === 'compare').length,
    held: plan.held.reduce((sum, held) => sum + held.operations.length, 0),
  };
}
