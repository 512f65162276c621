import type { NodeId } from '../common/ids.ts';
import type { LocalNameRules } from '../model/local-name-rules.ts';

/** When a lot of deletes waits for the person, and what the person has already said. */
export interface DeleteGuard {
  /** Deletes in one direction that always go on. */
  readonly maxDeletes: number;
  /** Share of the synced nodes, 0 to 1, below which even more deletes go on. */
  readonly maxShare: number;
  /** Nodes with a synced row. */
  readonly syncedCount: number;
  /** The person wants this node deleted in the vault. */
  readonly approvedUp: (node: NodeId) => boolean;
  /** The person wants this node deleted on this device. */
  readonly approvedDown: (node: NodeId) => boolean;
  /** The delete of this node in the vault waits for the person already, and goes on to until there is an answer. */
  readonly heldUp: (node: NodeId) => boolean;
  /** Likewise on this device. */
  readonly heldDown: (node: NodeId) => boolean;
  /** Nodes that were deleted in the vault lately without that the person was asked: they count as if they went now. */
  readonly recentUp: number;
  /** Likewise on this device. */
  readonly recentDown: number;
}

export interface PlanContext {
  /** Names conflict copies. */
  readonly deviceName: string;
  readonly nameRules: LocalNameRules;
  /** Backing off after a failure: the node stays as it is on both sides, and what needs it to change waits. */
  readonly isBlocked: (node: NodeId) => boolean;
  readonly guard: DeleteGuard;
}

/**
 * Asks before more than fifty deletes that are at least half of all: a folder tidied up goes through, a folder emptied by
 * a script, a thief or a broken disk does not.
 */
export const defaultGuard = { maxDeletes: 50, maxShare: 0.5 } as const;
